//! The API: its description, and its answers, where the mapping templates are rendered and the handler is called beside the
//! mock's DynamoDB.

use serde_json::{Value, json};

use crate::tools::{deploy, generated, judge, mock_environment, script, text};
use crate::variants::VARIANTS;

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn the_api_is_described_in_valid_openapi() {
    for (name, spec) in VARIANTS.iter().filter(|(name, _)| name.starts_with("api")) {
        let workspace = generated(spec);
        let description = workspace.path("out/openapi.yaml");
        let output = judge("openapi-spec-validator").arg(description).output().unwrap();
        assert!(output.status.success(), "{name}: {}", text(&output));
    }
}

/// Keys that no format likes: quotes, letters beyond ASCII, escapes of URLs, slashes in every place, Velocity.
const KEYS: [&str; 14] = [
    "photos/cat.jpg",
    "photos/dog.jpg",
    "photos/2024/x.jpg",
    "cat.jpg",
    "a b+c/ü 日本😀.txt",
    "it's \"quoted\" \\ back\\'x",
    "/lead/x",
    "/",
    "//",
    "photos//y",
    "end/",
    "100%25/#set($x=1)",
    "$!{key}/#end",
    "tab\t/nl\n",
];

/// Everything but letters and digits as `%XX`.
fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

/// Records every key (the first of them a second time, later), asks the API, and gives its answers.
fn answers(stack: &str, spec: &str, get: &[String], walk: &[&str]) -> Value {
    let uploads = KEYS.iter().chain(&KEYS[..1]).zip(10..).map(|(key, number)| {
        let object = json!({"key": key, "size": number, "etag": "e", "sequencer": format!("{number:04X}")});
        json!({"time": format!("2024-05-01T10:00:{number}Z"), "detail": {"object": object}})
    });
    let questions = json!({"events": uploads.collect::<Vec<_>>(), "get": get, "walk": walk});
    let answers = asked(stack, spec, &questions);
    let statuses = answers["statuses"].as_array().unwrap();
    assert!(statuses.iter().all(|status| status == "SUCCEEDED"), "{statuses:?}");
    answers
}

/// The names of a walk's files, page by page.
fn names(walk: &Value) -> Vec<Vec<&str>> {
    let pages = walk.as_array().unwrap().iter();
    pages
        .map(|files| files.as_array().unwrap().iter().map(|file| file["fileName"].as_str().unwrap()).collect())
        .collect()
}

/// Each kind of API in each layout, by the name of a stack. They give the same answers.
const APIS: [(&str, &str, &str); 5] = [
    ("direct", "direct", "latest"),
    ("direct-history", "direct", "history"),
    ("lambda", "lambda", "latest"),
    ("lambda-history", "lambda", "history"),
    ("rest", "lambda, auth: api-key", "latest"),
];

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn an_api_finds_every_key() {
    let mut get: Vec<String> = KEYS.iter().map(|key| format!("/files/{}", escaped(key))).collect();
    get.push("/files/a%20b+c/%C3%BC%20%E6%97%A5%E6%9C%AC%F0%9F%98%80.txt".to_owned());
    for (stack, kind, layout) in APIS {
        let spec = format!("{{table: {{layout: {layout}}}, api: {{type: {kind}}}}}");
        let answers = answers(&format!("api-keys-{stack}"), &spec, &get, &[]);
        let found = answers["get"].as_array().unwrap();
        assert_eq!(found.len(), KEYS.len() + 1);
        for (answer, key) in found.iter().zip(KEYS.iter().chain(&KEYS[4..5])) {
            assert_eq!((&answer[0], &answer[1]["fileName"]), (&json!(200), &json!(key)), "{stack}: {answer}");
            assert_eq!(answer[1].get("folder"), None, "{stack}: {answer}");
        }
        // The newest upload of a file that has two.
        assert_eq!(found[0][1]["size"], 24, "{stack}: {}", found[0]);
    }
}

/// Runs the questions beside a deployed stack, and gives the answers.
fn asked(stack: &str, spec: &str, questions: &Value) -> Value {
    let workspace = generated(spec);
    workspace.write("questions.json", questions.to_string());
    deploy(&workspace, stack);
    let mut python = judge("python");
    mock_environment(&mut python);
    let files = ["out/template.yaml", "questions.json"].map(|file| workspace.path(file));
    let output = python.arg(script("api.py")).arg(stack).args(files).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn an_api_shows_the_maps_of_a_record() {
    let objects = json!([
        {"Key": "rich", "Body": "x", "Metadata": {"camera": "it's \"new\" \\", "lens": "50mm"}, "Tagging": "a%20b=c&empty="},
        {"Key": "plain", "Body": "x"},
    ]);
    let questions =
        json!({"objects": objects, "events": [], "get": ["/files/rich", "/files/plain"], "walk": ["/files"]});
    for kind in ["direct", "lambda"] {
        let spec = format!("{{enrich: [metadata, tags], api: {{type: {kind}}}}}");
        let answers = asked(&format!("api-maps-{kind}"), &spec, &questions);
        let (rich, plain) = (&answers["get"][0][1], &answers["get"][1][1]);
        assert_eq!(rich["metadata"], json!({"camera": "it's \"new\" \\", "lens": "50mm"}), "{kind}: {answers}");
        assert_eq!(rich["tags"], json!({"a b": "c", "empty": ""}), "{kind}: {answers}");
        assert_eq!((plain.get("metadata"), plain.get("tags")), (None, None), "{kind}: {answers}");
        assert_eq!(answers["walk"][0][0], json!([plain, rich]), "{kind}: {answers}");
    }
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn an_api_lists_folders_page_by_page() {
    let walks = [
        "/files?limit=1",
        "/files?prefix=photos/&limit=2",
        "/files?prefix=photos/c&limit=1",
        "/files?prefix=%2F",
        "/files?prefix=c",
    ];
    for (stack, kind, layout) in APIS {
        let spec = format!("{{table: {{layout: {layout}}}, api: {{type: {kind}}}}}");
        let answers = answers(&format!("api-list-{stack}"), &spec, &[], &walks);
        let walked: Vec<Vec<Vec<&str>>> = answers["walk"].as_array().unwrap().iter().map(names).collect();
        // In a history the file that was uploaded twice is there twice.
        let (cat, dog) = ("photos/cat.jpg", "photos/dog.jpg");
        let (photos, cats) = match layout {
            "latest" => (vec![vec![cat, dog], vec![]], vec![vec![cat], vec![]]),
            _ => (vec![vec![cat, cat], vec![dog]], vec![vec![cat], vec![cat], vec![]]),
        };
        assert_eq!(walked[0], [vec!["cat.jpg"], vec![KEYS[5]], vec![]], "{stack}");
        assert_eq!(walked[1], [vec![vec!["photos//y", "photos/2024/x.jpg"]], photos].concat(), "{stack}");
        assert_eq!(walked[2], cats, "{stack}");
        assert_eq!(walked[3], [["/", "//", "/lead/x"]], "{stack}");
        assert_eq!(walked[4], [["cat.jpg"]], "{stack}");
    }
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn an_api_refuses_what_is_wrong() {
    let long = format!("/files/{}", "x".repeat(3000));
    // A token that would end the string it goes into, if it were not escaped: base64 of `/","x":"`.
    let injected = "/files?next=LyIsIngiOiI~";
    let asked = [
        ("/files?limit=0", 400),
        ("/files?limit=1001", 400),
        ("/files?limit=1e1", 400),
        ("/files?limit=-1", 400),
        ("/files?next=%25", 400),
        ("/files?next=AAAA", 400),
        ("/files?next=_w~~", 400),
        ("/files?next=L", 400),
        ("/files?next=%F0%9F%98%80", 400),
        ("/files?next=YQ~~&limit=1", 400),
        ("/files?limit=%F0%9F%98%80", 400),
        ("/files?limit=1%0A", 400),
        ("/files?limit=%201", 400),
        ("/files/none", 404),
        // The mock's Query takes keys of any length, and in a history this token lacks half of what one holds.
        (&long, 400),
        (injected, 200),
    ];
    let get = asked.map(|(url, _)| url.to_owned());
    for (stack, kind, layout) in &APIS {
        let spec = format!("{{table: {{layout: {layout}}}, api: {{type: {kind}}}}}");
        let answers = answers(&format!("api-refuse-{stack}"), &spec, &get, &[]);
        let same_everywhere = if *layout == "latest" { asked.len() } else { asked.len() - 2 };
        for ((url, status), answer) in asked.iter().zip(answers["get"].as_array().unwrap()).take(same_everywhere) {
            assert_eq!(answer[0], *status, "{stack}: {url}: {answer}");
            assert_eq!(answer[1]["message"].is_string(), *status != 200, "{stack}: {url}: {answer}");
        }
    }
}
