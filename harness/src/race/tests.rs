//! Races whose sides note their requests: the same source gives the same race, and every request waits for its turn.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use super::{Draw, End, Misfit, Order, Raced, Racer, Turn, again, race, told};

/// Notes of the sides, in order.
type Notes = Rc<RefCell<Vec<String>>>;

/// Side with a number of requests, which fails in place of the request `fails`.
async fn side(
    name: &'static str,
    requests: usize,
    fails: Option<usize>,
    turn: Turn,
    notes: Notes,
) -> Result<(), String> {
    for number in 1..=requests {
        turn.come().await;
        // Yields between requests, as while waiting for a response.
        tokio::task::yield_now().await;
        if fails == Some(number) {
            return Err(format!("{name}{number}"));
        }
        notes.borrow_mut().push(format!("{name}{number}"));
    }
    Ok(())
}

/// Plays sides with these numbers of requests; returns the order, the end and the notes.
async fn played(requests: &[usize], fails: Option<usize>, mut draw: Draw) -> (String, Result<(), End<String>>, String) {
    let notes = Notes::default();
    let racers = requests.iter().zip(["а", "б", "в"]).map(|(requests, name)| {
        let turn = Turn::default();
        let fails = fails.filter(|_| name == "б");
        Racer { run: Box::pin(side(name, *requests, fails, turn.clone(), Rc::clone(&notes))), turn }
    });
    let (order, ended) = race(racers.collect(), &mut draw).await;
    let done = notes.borrow().join(" ");
    (order.to_string(), ended, done)
}

fn given(order: &str) -> Draw {
    Draw::of(43, 0, order.parse().unwrap())
}

#[tokio::test]
async fn a_given_order_is_played_to_the_letter() {
    let (order, ended, noted) = played(&[2, 2], None, given("1221")).await;
    assert_eq!((order.as_str(), ended, noted.as_str()), ("1221", Ok(()), "а1 б1 б2 а2"));
    let (order, _, noted) = played(&[1, 1, 1], None, given("312")).await;
    assert_eq!((order.as_str(), noted.as_str()), ("312", "в1 а1 б1"));
}

#[tokio::test]
async fn one_number_gives_one_order_and_other_streams_others() {
    let drawn = async |stream| played(&[4, 4], None, Draw::of(43, stream, Order::default())).await.0;
    assert_eq!(drawn(0).await, drawn(0).await);
    let mut orders = BTreeSet::new();
    for stream in 0..20 {
        let order = drawn(stream).await;
        assert_eq!(order.matches('1').count(), 4, "{order}");
        orders.insert(order);
    }
    assert!(orders.len() > 10, "{orders:?}");
}

#[tokio::test]
async fn after_a_given_beginning_comes_what_came_after_it_before() {
    let (whole, ..) = played(&[4, 4], None, Draw::of(43, 7, Order::default())).await;
    for length in 1..8 {
        let beginning: String = whole.chars().take(length).collect();
        let (again, ..) = played(&[4, 4], None, Draw::of(43, 7, beginning.parse().unwrap())).await;
        assert_eq!(again, whole);
    }
}

#[tokio::test]
async fn the_first_side_that_fails_stops_the_others() {
    let (order, ended, noted) = played(&[3, 3], Some(2), given("121211")).await;
    assert_eq!((order.as_str(), noted.as_str()), ("1212", "а1 б1 а2"));
    assert_eq!(ended, Err(End::Failed(1, "б2".to_owned())));
}

#[tokio::test]
async fn an_order_that_names_a_side_without_a_request_does_not_fit() {
    let (order, ended, _) = played(&[1, 2], None, given("112")).await;
    assert_eq!((order.as_str(), ended), ("1", Err(End::Misfit(Misfit { side: 0, request: 2 }))));
    let (_, ended, _) = played(&[1, 2], None, given("3")).await;
    assert_eq!(ended, Err(End::Misfit(Misfit { side: 2, request: 1 })));
    // What is left of an order when all have ended is no race that was played.
    for (longer, request) in [("1222", 4), ("122112", 4)] {
        let (order, ended, _) = played(&[1, 2], None, given(longer)).await;
        let side = usize::from(longer.as_bytes()[request - 1] - b'1');
        assert_eq!((order.as_str(), ended), ("122", Err(End::Misfit(Misfit { side, request }))), "{longer}");
    }
}

#[test]
fn an_order_is_written_as_it_is_read() {
    assert_eq!("1221".parse::<Order>().unwrap().to_string(), "1221");
    for wrong in ["", "0", "12a", "1 2", "-1"] {
        let told = wrong.parse::<Order>().unwrap_err();
        assert_eq!(
            told, "нужен порядок запросов, как его печатает прогон: 1221 — первая сторона, вторая дважды, снова первая",
            "{wrong}"
        );
    }
}

#[test]
fn a_race_is_told_with_the_option_that_plays_it_again() {
    let raced = |step, order: &str| Raced {
        step,
        sides: vec!["Анна".to_owned(), "Сергей".to_owned()],
        order: order.parse().unwrap_or_default(),
    };
    let all = [raced(2, "1221"), raced(5, "21")];
    assert_eq!(told(&all, 5).unwrap(), "порядок запросов: 21 (1 — Анна, 2 — Сергей); снова так же: --order 1221,21");
    assert_eq!(told(&all, 3), None);
    assert_eq!(again(&all), ["--order", "1221,21"]);
    assert_eq!(again(&[raced(1, "")]), Vec::<String>::new());
}
