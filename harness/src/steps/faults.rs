//! Gosuslugi that answer wrongly on purpose.

use serde_json::{Value, json};

use super::definition::{StepDefinition, step};
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
    ),
    step!(
        Gosuslugi,
        "Госуслуги один раз отвечают с ошибкой {текст}",
        "Дано Госуслуги один раз отвечают с ошибкой «te.500»",
        sets_once
    ),
    step!(
        Gosuslugi,
        "Госуслуги отвечают с ошибкой {текст} не больше {число} раз",
        "Дано Госуслуги отвечают с ошибкой «te.500» не больше 2 раз",
        sets_for_a_while
    ),
    step!(
        Gosuslugi,
        "Госуслуги отвечают с ошибкой {текст}, когда входит {кто}",
        "Дано Госуслуги отвечают с ошибкой «claim.aud-other», когда входит Анна",
        sets_for_a_person
    ),
    step!(Gosuslugi, "ошибка {текст} снята", "Когда ошибка «claim.aud-other» снята", lifts),
];

async fn set(state: &ScenarioState, fault: Value) -> Done {
    let (test_bed, world) = (state.test_bed()?, state.world()?);
    Ok(test_bed.idp.set_fault(world, &fault).await?)
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

async fn lifts(state: &mut ScenarioState, args: &Args) -> Done {
    let (test_bed, world, name) = (state.test_bed()?, state.world()?, args.get(0));
    let set = test_bed.idp.faults(world).await?;
    let own: Vec<_> = set.iter().filter(|fault| fault.fault == name).collect();
    if own.is_empty() {
        return Err(StepError::Unmet(tr!("ошибка «{name}» не включена", "the fault \"{name}\" is not set")));
    }
    for fault in own {
        test_bed.idp.lift_fault(world, fault.number).await?;
    }
    Ok(())
}
