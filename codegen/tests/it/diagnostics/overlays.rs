//! Overlays and their actions.

use insta::assert_snapshot;

use super::{one_with, operation};

fn overlay(actions: &str) -> String {
    format!("overlay: 1.0.0\ninfo: {{title: T, version: '1'}}\nactions:\n{actions}")
}

#[test]
fn what_is_not_an_overlay() {
    let document = operation("");
    assert_snapshot!(one_with("overlay-version", &document, &["openapi: 3.0.3\n"]), @r"
    error[overlay-version]: overlay version is none, 1.0 is needed
      --> first.yaml#/overlay
      help: an overlay starts with `overlay: 1.0.0`, `info` and a list of `actions`
    ");
    assert_snapshot!(one_with("overlay-version", &document, &["overlay: 2.0.0\nactions: []\n"]), @r"
    error[overlay-version]: overlay version is 2.0.0, 1.0 is needed
      --> first.yaml#/overlay
      help: an overlay starts with `overlay: 1.0.0`, `info` and a list of `actions`
    ");
    assert_snapshot!(one_with("overlay-actions", &document, &["overlay: 1.0.0\nactions: []\n"]), @r"
    error[overlay-actions]: the overlay has no list of actions
      --> first.yaml#/actions
      help: an overlay starts with `overlay: 1.0.0`, `info` and a list of `actions`
    ");
}

#[test]
fn actions_that_are_not_well_formed() {
    let document = operation("");
    let with = |action: &str| one_with("overlay-action", &document, &[&overlay(action)]);
    assert_snapshot!(with("- {target: $.info, updat: {title: B}}\n"), @r"
    error[overlay-action]: action on $.info: `updat` is not a member of an action
      --> first.yaml#/actions/0/updat
      help: an action has a target and either update or remove: true, and may have a description
    ");
    assert_snapshot!(with("- {target: $.info}\n"), @r"
    error[overlay-action]: action on $.info: it has neither `update` nor `remove: true`
      --> first.yaml#/actions/0
      help: an action has a target and either update or remove: true, and may have a description
    ");
    assert_snapshot!(with("- {target: '$.paths[?', remove: true}\n"), @r"
    error[overlay-action]: action on $.paths[?: `$.paths[?` is not a JSONPath: at position 9, in long-hand segment, parser error
      --> first.yaml#/actions/0/target
      help: see RFC 9535
    ");
}

#[test]
fn actions_that_match_nothing() {
    let text = overlay(
        "- target: $.paths['/thing'].get\n  description: 'D7: the list has no summary.'\n  update: {summary: List things}\n",
    );
    assert_snapshot!(one_with("overlay-no-match", &operation(""), &[&text]), @r#"
    error[overlay-no-match]: action "D7: the list has no summary.": nothing matches `$.paths['/thing'].get`
      --> first.yaml#/actions/0/target
      help: the document has changed under this action: adapt its target, or delete it
    "#);
}

#[test]
fn actions_whose_work_is_done() {
    let text = overlay(
        "- target: $.paths['/things'].get\n  description: >-\n    D8: the list has no summary, which the vendor's page confirms at great length and in many words.\n  update: {summary: List things}\n",
    );
    assert_snapshot!(one_with("overlay-obsolete", &operation(""), &["overlay: 1.0.0\nactions: [{target: $.info, update: {title: B}}]\n", &text]), @r#"
    error[overlay-obsolete]: action "D8: the list has no summary, which the vendor's page confirms at great length an…": changes nothing
      --> second.yaml#/actions/0
      help: the document is already right: delete this action
    "#);
}

#[test]
fn actions_on_plain_values() {
    let text = overlay("- {target: $.info.title, update: {a: b}}\n");
    assert_snapshot!(one_with("overlay-target", &operation(""), &[&text]), @r"
    error[overlay-target]: action on $.info.title: the target selects a plain value at #/info/title
      --> first.yaml#/actions/0/target
      help: select the object or list that holds it
    ");
}

#[test]
fn mistakes_that_an_overlay_brings_in() {
    let text = overlay("- {target: \"$.paths['/things'].get\", update: {deprecatd: true}}\n");
    assert_snapshot!(one_with("unknown-keyword", &operation(""), &[&text]), @r"
    error[unknown-keyword]: the keyword `deprecatd` is not known here and would be ignored
      --> api.yaml (with 1 overlay)#/paths/~1things/get/deprecatd
      help: did you mean `deprecated`? Otherwise move it to where it belongs, or delete it
    ");
    let second = overlay("- {target: $.info, update: {title: B}}\n");
    assert_snapshot!(one_with("unknown-keyword", &operation(""), &[&text, &second]), @r"
    error[unknown-keyword]: the keyword `deprecatd` is not known here and would be ignored
      --> api.yaml (with 2 overlays)#/paths/~1things/get/deprecatd
      help: did you mean `deprecated`? Otherwise move it to where it belongs, or delete it
    ");
}
