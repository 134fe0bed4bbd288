//! PyYAML, which reads templates for SAM: whatever it takes is read here as well, and gives the same tree.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use bucketbook::source::{Kind, Limits, Node, Schema, parse_all};
use serde_json::{Map, Value, json};

use crate::tools::{judge, prepared, script};

/// Spellings that readers differ on.
const SPELLINGS: [&str; 47] = [
    "a: \"one,\ntwo\"\nb: 1\n",
    "a: 'one,\ntwo'\nb: 1\n",
    "a:\n    b: {\n  \"c\": 1,\n  \"d\": [\n2, 3]\n    }\ne: 3\n",
    "a: [\n1,\n2\n]\n",
    "- a: {b: c,\nd: e}\n- f\n",
    "a: {\n\t\"b\":\t1,\n\t\"c\": 2\n}\n",
    "a:\t1\n",
    "a: b\t# c\n",
    "a: [yes, No, on, OFF, y, n, True, ~, null, '']\n",
    "a: [010, 0o10, 0x1F, 0b11, 1_000, 1:30, 01:30, 08, 0123456789, -5, +5]\n",
    "a: [1., .5, 1.5, 1e3, 1.0e3, 1.0e+3, -1.5, 1_0.5, ., -, =]\n",
    "a: [2010-09-09, 2010-09-09T00:00:00Z, 12-34]\n",
    "yes: 1\n2: b\n~: c\n1.5: d\n",
    "a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\ne: {<<: [{b: 4}, *x], f: 5}\n'<<': 1\n",
    "a: &x [1]\nb: *x\nc: [*x, *x]\n",
    "a: !Ref B\nb: !Sub '${A}'\nc: !GetAtt A.B.C\nd: !Join ['', [a, !Ref B]]\ne: !If [C, !Ref D, !Ref 'AWS::NoValue']\n",
    "a: !Sub\n  - x ${Y}\n  - {Y: !Ref Z}\nb: !Sub |\n  text\n  ${A}\n",
    "a: !Sele,ct [1, 2]\nb: {c: !Sub,s d}\ne: !Get[Att F.G\n",
    "a: !!str 12\nb: !!int '12'\nc: !!float 3\nd: !!bool 'yes'\ne: !!null ''\n",
    "a: |\n  one\n   two\n\n  three\n\n\nb: >\n  one\n  two\n\n  three\n   four\n  five\n",
    "a: |-\n  one\n\nb: |+\n  one\n\nc: >-\n  one\n  two\nd: |2\n    one\n  two\n",
    "a: |\n  one",
    "a: >\n\n  one\n  two",
    "a: |\n\n\n  one\n",
    "- |\n one\n- >\n two\n",
    "a: \"\\u00e9\\x41\\n\\t\\\\\\\"\\/ \\\n   b\"\n",
    "a: \"x\n\n\n  y \\\n  z\"\n",
    "a: 'it''s\n\n  here'\n",
    "a: one\n  two\n\n  three # four\nb: five#six\n",
    "a: http://x:80/y?z#w\nb: [http://x, c:d, 'e':f]\n",
    "{a: 1, 'b':2, \"c\":[3], d, e: }\n",
    "[a: 1, b, {c: d}, ? e : f, g: ]\n",
    "? a\n: b\n? [c, d]\n: e\n",
    "a:\n- b\n- c\nd:\n  - e\n  -\n  - - f\n    - g: h\n      i: j\n",
    "- - - a\n    - b\n- ? c\n  : d\n",
    "a:\n  # comment\n\n  b: 1 # two\n# three\n",
    "%YAML 1.1\n---\na: 1\n...\n",
    "--- a\n...\n",
    "--- |\n a\n",
    "# nothing\n",
    "",
    "a: -1\nb: -x\nc: ?x\nd: :x\ne: a:b\n",
    "a : 1\n'b' : 2\n\"c\" : 3\n",
    "a: 'x'\r\nb: |\r\n  y\r\n  z\r\nc: w\r\n  v\r\n",
    "\"a: b\": 'c: d'\n",
    "a: é\nü: [ö, {ß: \u{1F600}}]\n",
    "a: \"\"\nb: ''\nc:\nd: {}\ne: []\n",
];

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn what_pyyaml_takes_gives_the_same_tree() {
    let mut texts: Vec<(String, String)> =
        SPELLINGS.iter().map(|text| (format!("{text:?}"), (*text).to_owned())).collect();
    let taken_at_least = texts.len();
    for root in [prepared("BUCKETBOOK_CORPUS"), here("tests"), here("templates"), here("out")] {
        collect(&root, &mut texts);
    }
    let files = texts.len() - taken_at_least;
    assert!(files > 100, "{files} files");
    for at in 0..texts.len() {
        if texts[at].1.len() < 10_000 {
            let name = texts[at].0.clone();
            let changed = changed(&texts[at].1, at as u64);
            texts.extend(changed.into_iter().map(|text| (format!("{name}, changed: {text:?}"), text)));
        }
    }
    let (mut taken, mut differing) = (0, Vec::new());
    for ((name, text), theirs) in texts.iter().zip(pyyaml(&texts)) {
        let Some(theirs) = theirs.get("tree") else { continue };
        taken += 1;
        let parsed = parse_all(text, Limits::TEMPLATE, Schema::Yaml11);
        let ours = parsed.root.as_ref().map_or(Value::Null, tree);
        if !parsed.faults.is_empty() || ours != *theirs {
            differing.push(format!("{name}\n  faults {:?}\n  ours   {ours}\n  theirs {theirs}", parsed.faults));
        }
    }
    assert!(taken >= taken_at_least, "{taken} texts were taken");
    let shown = differing.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(differing.is_empty(), "{} of {taken} differ:\n{shown}", differing.len());
}

fn here(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

fn collect(folder: &Path, texts: &mut Vec<(String, String)>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            texts.push((path.display().to_string(), text));
        }
    }
}

/// The text with one slip each: a character gone or written twice, a line further left or right, the end cut off.
fn changed(text: &str, seed: u64) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() < 2 {
        return Vec::new();
    }
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    let mut changed = Vec::new();
    for kind in 0..8 {
        let at = random(characters.len());
        let (before, behind) = (&characters[..at], &characters[at..]);
        let line = before.iter().rposition(|c| *c == '\n').map_or(0, |at| at + 1);
        // `!,Ref`: PyYAML has the comma in the tag, and libyaml ends the tag there, as this reader does.
        if before.last() == Some(&'!') {
            continue;
        }
        let text: Vec<char> = match kind {
            0 => [before, &behind[1..]].concat(),
            1 => [before, &[behind[0]], behind].concat(),
            2 => [&characters[..line], &[' ', ' '], &characters[line..]].concat(),
            3 => {
                let blanks = characters[line..].iter().take_while(|c| **c == ' ').count().min(2);
                [&characters[..line], &characters[line + blanks..]].concat()
            }
            4 => before.to_vec(),
            5 => [before, &['\n'], behind].concat(),
            6 => [before, &['\t'], behind].concat(),
            _ => [before, &[['"', '\'', ':', ',', '#', '-', '[', '}'][random(8)]], behind].concat(),
        };
        changed.push(text.into_iter().collect());
    }
    changed
}

/// PyYAML's answers.
fn pyyaml(texts: &[(String, String)]) -> Vec<Value> {
    let mut python = judge("python");
    python.arg(script("trees.py")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = python.spawn().unwrap();
    let asked: Vec<&String> = texts.iter().map(|(_, text)| text).collect();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&serde_json::to_vec(&asked).unwrap()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let answers: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answers.len(), texts.len());
    answers
}

/// The tree as JSON, with tags in their long form, as SAM's loader has them.
fn tree(node: &Node) -> Value {
    let plain = match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => json!(value),
        Kind::Integer(value) => json!(value),
        Kind::Float(value) => json!(value),
        Kind::String(text) => json!(text),
        Kind::Sequence(items) => items.iter().map(tree).collect(),
        Kind::Mapping(entries) => {
            let key = |key: &Node| key.as_str().map_or_else(|| tree(key).to_string(), str::to_owned);
            Value::Object(entries.iter().map(|(k, v)| (key(k), tree(v))).collect::<Map<_, _>>())
        }
    };
    match (node.tag.as_deref(), plain) {
        (None, plain) => plain,
        (Some(name @ ("Ref" | "Condition")), plain) => json!({ name: plain }),
        (Some("GetAtt"), Value::String(text)) => json!({ "Fn::GetAtt": text.splitn(2, '.').collect::<Vec<_>>() }),
        (Some(name), plain) => json!({ format!("Fn::{name}"): plain }),
    }
}
