//! Requests to the APIs of `tests/starts/apis.yaml`: REST and HTTP APIs, SAM's events, and OpenAPI.

use crate::common::Workspace;

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("template.yaml", std::fs::read_to_string("tests/starts/apis.yaml").unwrap());
    workspace
}

fn test(scenario: &str) -> (i32, String, String) {
    let workspace = workspace();
    workspace.write("scenarios/one.yaml", scenario);
    workspace.run(&["test"])
}

#[test]
fn each_kind_of_api_hands_its_request_to_the_state_machine() {
    for (request, item) in [
        (r#"POST /sam {"id": "a/b", "from": "é"}"#, "{id: a/b, from: é}"),
        (r#"POST /sam/quoted {"id": "a", "from": "it's"}"#, "{id: a, from: it's}"),
        (r#"POST /http {"id": "a", "from": "http"}"#, "{id: a, from: http}"),
    ] {
        let (code, out, err) =
            test(&format!("when: [{{api: '{}'}}]\nthen: {{items: [{item}]}}", request.replace('\'', "''")));
        assert_eq!((code, err.as_str()), (0, ""), "{request}: {out}");
    }
    let (code, out, err) = test(
        "when:\n  - api: {request: PUT /orders/7?a=1&b=2, context: {authorizer: {principalId: me}}, name: Rest}\n\
         then: {items: [{id: '7', from: 'live,a=1,b=2 by me'}]}",
    );
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
}

#[test]
fn what_api_gateway_or_step_functions_refuses_is_said_in_their_words() {
    for (request, part) in [
        // A quote that SAM's template escapes, as JSON has no escape.
        (r#"POST /sam {"id": "a", "from": "it's"}"#, "the mapping template does not give JSON for this request"),
        ("POST /http order", "InvalidExecutionInput"),
        ("PUT /orders/7", "`$context.authorizer` is not known here: give the request its value with `context`"),
        (r#"POST /sync {"order": {}}"#, "StateMachineTypeNotSupported: `Save` is a Standard workflow"),
        (r#"POST /sync {"odrer": {}}"#, "the request has no `$request.body.order`"),
    ] {
        let (code, out, err) = workspace().run(&["simulate", "template.yaml", "--api", request]);
        assert_eq!((code, err.as_str()), (1, ""), "{out}");
        assert!(out.contains(part) && out.contains("1 not delivered"), "{request}: {out}");
    }
    let (code, out, _) =
        test("when: [{api: {request: PUT /orders/7, headers: {Content-Type: text/plain}}}]\nthen: {executions: 1}");
    assert!(code == 1 && out.contains("415 Unsupported Media Type"), "{out}");
}

#[test]
fn a_request_that_no_route_takes_is_an_error_with_the_routes() {
    let (code, _, err) = workspace().run(&["simulate", "template.yaml", "--api", "GET /http"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err);
    let (code, _, err) = workspace().run(&["simulate", "template.yaml", "--api", "/http"]);
    assert!(
        code == 2 && err.contains("this is not a request") && err.contains("expected a method and a path"),
        "{err}"
    );
}

#[test]
fn a_body_is_read_from_a_file() {
    let workspace = workspace();
    workspace.write("order.json", r#"{"id": "f", "from": "file"}"#);
    let (code, out, err) = workspace.run(&["simulate", "template.yaml", "--api", "POST /http @order.json"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("POST /http\n") && out.contains("Save: SUCCEEDED"), "{out}");
}
