//! Steps about faults of Gosuslugi that are played on purpose, and about changes of signing keys.

use serde_json::{Value, json};

use super::{
    definition::{Asks, StepDefinition, step},
    world::span,
};
use crate::{
    language::tr,
    scenario::{Args, Done, ScenarioState, StepError},
};

pub(super) const STEPS: &[StepDefinition] = &[
    step!(
        Gosuslugi,
        "Госуслуги отвечают с ошибкой {текст}",
        "Дано Госуслуги отвечают с ошибкой «claim.aud-other»",
        sets
    )
    .asks(Asks::Control),
    step!(
        Gosuslugi,
        "Госуслуги один раз отвечают с ошибкой {текст}",
        "Дано Госуслуги один раз отвечают с ошибкой «te.500»",
        sets_once
    )
    .asks(Asks::Control),
    step!(
        Gosuslugi,
        "Госуслуги отвечают с ошибкой {текст} не больше {число} раз",
        "Дано Госуслуги отвечают с ошибкой «te.500» не больше 2 раз",
        sets_for_a_while
    )
    .asks(Asks::Control),
    step!(
        Gosuslugi,
        "Госуслуги отвечают с ошибкой {текст}, когда входит {кто}",
        "Дано Госуслуги отвечают с ошибкой «claim.aud-other», когда входит Анна",
        sets_for_a_person
    )
    .asks(Asks::Control),
    step!(Gosuslugi, "ошибка {текст} снята", "Когда ошибка «claim.aud-other» снята", lifts).asks(Asks::Control),
    step!(Gosuslugi, "Госуслуги сменили ключи подписи", "Когда Госуслуги сменили ключи подписи", replaces_keys)
        .asks(Asks::Control),
    step!(
        Gosuslugi,
        "Госуслуги сменили ключи подписи, прежние видны ещё {срок}",
        "Когда Госуслуги сменили ключи подписи, прежние видны ещё 2 часа",
        replaces_keys_with_overlap
    )
    .asks(Asks::Control),
    step!(
        Gosuslugi,
        "Госуслуги сменят ключи подписи через {срок}",
        "Дано Госуслуги сменят ключи подписи через 8 часов",
        plans_keys
    )
    .asks(Asks::Control),
];

async fn set(state: &ScenarioState, fault: Value) -> Done {
    let (test_bed, world) = (state.test_bed()?, state.world()?);
    Ok(test_bed.idp.control()?.set_fault(world, &fault).await?)
}

async fn sets(state: &mut ScenarioState, args: &Args) -> Done {
    set(state, json!({ "fault": args.get(0) })).await
}

async fn sets_once(state: &mut ScenarioState, args: &Args) -> Done {
    set(state, json!({ "fault": args.get(0), "requests": 1 })).await
}

async fn sets_for_a_while(state: &mut ScenarioState, args: &Args) -> Done {
    let times: u32 = args.get(1).parse().unwrap_or_default();
    set(state, json!({ "fault": args.get(0), "requests": times })).await
}

async fn sets_for_a_person(state: &mut ScenarioState, args: &Args) -> Done {
    let (login, _) = state.account(args.get(1)).await?;
    set(state, json!({ "fault": args.get(0), "person": login })).await
}

/// Replaces the keys of both algorithms, because a scenario does not know which one is in use.
async fn replace_keys(state: &ScenarioState, mut order: Value) -> Done {
    let (test_bed, world) = (state.test_bed()?, state.world()?);
    order["do"] = "replace".into();
    for algorithm in ["RS256", "GOST3410_2012_256"] {
        order["algorithm"] = algorithm.into();
        test_bed.idp.control()?.change_keys(world, &order).await?;
    }
    Ok(())
}

async fn replaces_keys(state: &mut ScenarioState, _: &Args) -> Done {
    replace_keys(state, json!({})).await
}

async fn replaces_keys_with_overlap(state: &mut ScenarioState, args: &Args) -> Done {
    replace_keys(state, json!({ "overlap": span(args.get(0)) })).await
}

async fn plans_keys(state: &mut ScenarioState, args: &Args) -> Done {
    replace_keys(state, json!({ "after": span(args.get(0)) })).await
}

async fn lifts(state: &mut ScenarioState, args: &Args) -> Done {
    let (test_bed, world, name) = (state.test_bed()?, state.world()?, args.get(0));
    let set = test_bed.idp.control()?.faults(world).await?;
    let own: Vec<_> = set.iter().filter(|fault| fault.fault == name).collect();
    if own.is_empty() {
        return Err(StepError::Unmet(tr!("ошибка «{name}» не включена", "the fault \"{name}\" is not set")));
    }
    for fault in own {
        test_bed.idp.control()?.lift_fault(world, fault.number).await?;
    }
    Ok(())
}
