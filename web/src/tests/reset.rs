//! A world that begins anew.

use std::pin::pin;

use futures::poll;

use super::*;

/// Gives other tasks and threads time.
#[expect(clippy::disallowed_methods, reason = "what goes on elsewhere is given time; no world's time passes")]
async fn pause() {
    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
}

#[tokio::test]
async fn a_world_begins_anew_even_if_whoever_has_asked_for_it_goes_away() {
    let server = server(|_| ()).await;
    assert_eq!(post_json(&server, "/control/worlds", &json!({ "name": "one" })).await.status, 201);
    // Each time it is left at a later point.
    for looks in 1..12 {
        let reset = request("POST", "/control/worlds/one/reset").body(Body::empty()).unwrap();
        {
            let mut reset = pin!(server.clone().oneshot(reset));
            for _ in 0..looks {
                if poll!(reset.as_mut()).is_ready() {
                    break;
                }
                pause().await;
            }
        }
        let mut is_there = false;
        for _ in 0..2_000 {
            is_there = ask(&server, "/control/worlds/one").await.status == 200;
            if is_there {
                break;
            }
            pause().await;
        }
        assert!(is_there, "lost after {looks} looks");
    }
}
