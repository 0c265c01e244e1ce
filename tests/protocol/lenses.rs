//! Code lenses.

use serde_json::{Value, json};

use crate::client::Client;

const TEXT: &str =
    "import asyncio\n\n\nasync def main(a, b):\n    await asyncio.gather(a(), b())\n";

fn set_preset(client: &mut Client, preset: &str) {
    client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": {"hotseat": {"preset": preset}}}),
    );
}

#[test]
fn lenses_are_complete_and_their_command_is_announced() {
    let mut client = Client::start(json!({}));
    client.open(TEXT);
    let lenses = client.lenses();
    let commands = &client.announced["executeCommandProvider"]["commands"];
    for lens in &lenses {
        let command = &lens["command"]["command"];
        assert!(commands.as_array().unwrap().contains(command));
    }
    let lens = lenses
        .iter()
        .find(|lens| lens["command"]["arguments"] == json!(["gather-vs-wait"]))
        .unwrap();
    assert_eq!(lens["range"]["start"]["line"], 3);
    client.finish();
}

#[test]
fn a_refresh_is_asked_for_only_when_the_lenses_have_changed() {
    let mut client = Client::start(json!({"workspace": {"codeLens": {"refreshSupport": true}}}));
    client.open(TEXT);
    assert_ne!(client.lenses(), [] as [Value; 0]);
    set_preset(&mut client, "learn");
    set_preset(&mut client, "off");
    let (id, _) = client.server_request("workspace/codeLens/refresh");
    client.respond(&id, Value::Null);
    assert_eq!(client.lenses(), [] as [Value; 0]);
    client.finish();
}

#[test]
fn a_client_without_refreshes_is_not_asked() {
    let mut client = Client::start(json!({}));
    client.open(TEXT);
    assert_ne!(client.lenses(), [] as [Value; 0]);
    set_preset(&mut client, "off");
    assert_eq!(client.lenses(), [] as [Value; 0]);
    client.finish();
}
