use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::asl::program::ReaderConfig;

fn config(input_type: &str) -> ReaderConfig {
    ReaderConfig { input_type: Some(input_type.to_owned()), ..ReaderConfig::default() }
}

fn items(config: &ReaderConfig, text: &str) -> Result<Value, String> {
    let format = Format::configured(config).map_err(|fault| fault.to_string())?.unwrap();
    format.items(text.as_bytes(), None).map(Value::Array).map_err(|fault| fault.to_string())
}

#[test]
fn rows_of_csv() {
    let first_row = config("CSV");
    let given = ReaderConfig {
        csv_header_location: Some("GIVEN".to_owned()),
        csv_headers: Some(vec!["a".to_owned(), "b".to_owned()]),
        ..config("CSV")
    };
    let piped = ReaderConfig { csv_delimiter: Some("PIPE".to_owned()), ..config("CSV") };
    for (config, text, expected) in [
        (&first_row, "a,b\n1,x\n2,\"y, \"\"z\"\"\"\r\n", json!([{"a": "1", "b": "x"}, {"a": "2", "b": "y, \"z\""}])),
        (
            &first_row,
            "a,b\n1\n,,,\n  \n1,2,3\n",
            json!([
                {"a": "1", "b": ""}, {"a": "", "b": ""}, {"a": "  ", "b": ""}, {"a": "1", "b": "2"}
            ]),
        ),
        (&first_row, "a,\n1,2,3\n", json!([{"a": "1", "": "2"}])),
        (&first_row, "\u{feff}a\n'q'", json!([{"a": "'q'"}])),
        (&first_row, "a,b", json!([])),
        (&first_row, "", json!([])),
        (&given, "1,2\n3", json!([{"a": "1", "b": "2"}, {"a": "3", "b": ""}])),
        (&piped, "a|b\n1,5|2", json!([{"a": "1,5", "b": "2"}])),
        (&first_row, "path,size\nC:\\\\My\\, files\\x,1", json!([{"path": "C:\\My, filesx", "size": "1"}])),
        (&first_row, "a,b\n\\\"x\\\",\"y\\\"z\"", json!([{"a": "\"x\"", "b": "y\"z"}])),
    ] {
        assert_eq!(items(config, text), Ok(expected), "{text:?}");
    }
    let twice = items(&first_row, "a,b,a\n1,2,3");
    assert_eq!(twice, Err("CSV headers cannot contain duplicates.".to_owned()));
}

#[test]
fn items_of_json() {
    let pointed = ReaderConfig { items_pointer: Some("/a/b".to_owned()), ..config("JSON") };
    for (config, text, expected) in [
        (&config("JSON"), "[1, {\"a\": 2}]", Ok(json!([1, {"a": 2}]))),
        (&pointed, "{\"a\": {\"b\": [1]}}", Ok(json!([1]))),
        (&config("JSONL"), "{\"a\": 1}\n\n2\r\n", Ok(json!([{"a": 1}, 2]))),
        (&config("JSON"), "{\"a\": [1]}", Err("Attempting to map over non-iterable node.")),
        (&pointed, "{\"a\": 1}", Err("The ItemsPointer '/a/b' leads to nothing in the JSON file")),
        (&config("JSON"), "[1", Err("The JSON file cannot be read: EOF while parsing a list at line 1 column 2")),
        (&config("JSONL"), "1\n\nx", Err("Line 3 of the JSONL file cannot be read: expected value at line 1 column 1")),
        (&config("PARQUET"), "", Err("Files of the type PARQUET cannot be read here")),
        (&config("XML"), "", Err("The InputType XML is not supported")),
    ] {
        assert_eq!(items(config, text), expected.map_err(str::to_owned), "{text}");
    }
    assert_eq!(Format::configured(&ReaderConfig::default()), Ok(None));
}

#[test]
fn limits() {
    let negative = Err("field MaxItems must be positive".to_owned());
    for (value, expected) in [
        (json!(0), Ok(None)),
        (json!(2), Ok(Some(2))),
        (json!(100_000_001), Ok(Some(100_000_000))),
        (json!(1e300), Ok(Some(100_000_000))),
        (json!(-1), negative),
        (json!("2"), Err("field MaxItems must be a number but was: \"2\"".to_owned())),
    ] {
        assert_eq!(limit(&value).map_err(|fault| fault.to_string()), expected, "{value}");
    }
    for (config, text) in [(config("CSV"), "a\n1\n2\n3"), (config("JSON"), "[1, 2, 3]"), (config("JSONL"), "1\n2\n3")] {
        let format = Format::configured(&config).unwrap().unwrap();
        assert_eq!(format.items(text.as_bytes(), Some(2)).unwrap().len(), 2);
    }
}

#[test]
fn inventories() {
    let manifest = json!({
        "sourceBucket": "photos", "destinationBucket": "arn:aws:s3:::lists", "fileFormat": "CSV",
        "fileSchema": "Bucket, Key, Size", "files": [{"key": "data/1.csv.gz", "size": 5, "MD5checksum": "x"}]
    });
    let manifest = Manifest::parse(manifest.to_string().as_bytes()).unwrap();
    let Manifest::Inventory { bucket, files, .. } = &manifest else { panic!("an inventory") };
    assert_eq!((bucket.as_str(), files[0].key.as_str(), files[0].size), ("lists", "data/1.csv.gz", 5));
    let rows = "\"photos\",\"a.jpg\",\"12\"\n\"photos\",\"b%20c.jpg\",\"0\"\n";
    let expected = vec![
        json!({"Bucket": "photos", "Key": "a.jpg", "Size": "12"}),
        json!({"Bucket": "photos", "Key": "b%20c.jpg", "Size": "0"}),
    ];
    assert_eq!(manifest.file_items(rows.as_bytes(), 10), Ok(expected.clone()));
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(rows.as_bytes()).unwrap();
    assert_eq!(manifest.file_items(&packed.finish().unwrap(), 10), Ok(expected));
    assert!(manifest.file_items(&[0x1f, 0x8b, 1, 2], 10).is_err());

    let athena = Manifest::parse(b"s3://b/one\n\"s3://b/two\"\n").unwrap();
    assert_eq!(athena.items(10), [json!("s3://b/one"), json!("s3://b/two")]);
    assert!(Manifest::parse(b"one").is_err());
    assert!(Manifest::parse(b"{}").is_err());
}

#[test]
fn listed_objects() {
    let answer = json!({"Contents": [
        {"Key": "a", "ETag": "\"e\"", "LastModified": "2022-11-17T15:44:41Z", "Size": 3, "StorageClass": "STANDARD"},
        {"Key": "b"}
    ]});
    let first =
        json!({"Etag": "\"e\"", "Key": "a", "LastModified": 1_668_699_881, "Size": 3, "StorageClass": "STANDARD"});
    assert_eq!(listing(&answer, None), [first.clone(), json!({"Key": "b"})]);
    assert_eq!(listing(&answer, Some(1)), [first]);
    assert_eq!(listing(&json!({}), None), [Value::Null; 0]);
}

#[test]
fn items_of_several_objects() {
    let object = |text: &str| json!({"Body": text});
    let page = |keys: &[&str], token: Option<&str>| {
        let contents: Vec<Value> = keys.iter().map(|key| json!({"Key": key})).collect();
        json!({"Contents": contents, "NextContinuationToken": token})
    };
    let mut asked = Vec::new();
    let mut ask = |request: Request<'_>| {
        asked.push(format!("{request:?}"));
        match request {
            Request::More("two") => Ok(page(&["b.json"], None)),
            Request::Object { key: "a.json", .. } => Ok(object("[1, 2]")),
            Request::Object { key: "b.json", .. } => Ok(object("[3, 4]")),
            Request::Object { key: "rows.csv", .. } => Ok(object("x,1")),
            _ => Err(ItemsFault::new("not there")),
        }
    };
    let first = page(&["a.json", "folder/"], Some("two"));
    let flattened = ReaderConfig { transformation: Some("LOAD_AND_FLATTEN".to_owned()), ..config("JSON") };
    let inventory = json!({
        "destinationBucket": "arn:aws:s3:::lists", "fileFormat": "CSV", "fileSchema": "Key, Size", "files": [{"key": "rows.csv"}]
    });
    for (config, answer, limit, expected) in [
        (
            &ReaderConfig::default(),
            &first,
            None,
            Ok(vec![json!({"Key": "a.json"}), json!({"Key": "folder/"}), json!({"Key": "b.json"})]),
        ),
        (&ReaderConfig::default(), &first, Some(1), Ok(vec![json!({"Key": "a.json"})])),
        (&flattened, &first, Some(3), Ok(vec![json!(1), json!(2), json!(3)])),
        (&config("JSON"), &object("[5]"), None, Ok(vec![json!(5)])),
        (&config("MANIFEST"), &object(&inventory.to_string()), None, Ok(vec![json!({"Key": "x", "Size": "1"})])),
        (&config("MANIFEST"), &object("s3://b/none"), None, Err(ItemsFault::new("not there"))),
    ] {
        assert_eq!(collect(config, answer, limit, &mut ask), expected, "{config:?}");
    }
    assert_eq!(asked.len(), 6, "{asked:?}");
}

#[test]
fn batches() {
    let items: Vec<Value> = (0..5).map(Value::from).collect();
    let by_count = Batcher { max_items: 2, input: Some(json!({"a": 1})), ..Batcher::default() };
    assert_eq!(
        by_count.batches(items.clone()).unwrap(),
        [
            json!({"BatchInput": {"a": 1}, "Items": [0, 1]}),
            json!({"BatchInput": {"a": 1}, "Items": [2, 3]}),
            json!({"BatchInput": {"a": 1}, "Items": [4]}),
        ]
    );
    // {"Items":[0,1,2]} has 17 bytes.
    let by_bytes = Batcher { max_bytes: 17, ..Batcher::default() };
    assert_eq!(by_bytes.batches(items.clone()).unwrap(), [json!({"Items": [0, 1, 2]}), json!({"Items": [3, 4]})]);
    let too_small = Batcher { max_bytes: 12, ..Batcher::default() };
    assert!(too_small.batches(items).is_err());
    assert_eq!(by_count.batches(Vec::new()), Ok(Vec::new()));
}

fn execution(name: &str, outcome: Outcome) -> ChildExecution {
    ChildExecution {
        arn: format!("arn:aws:states:us-east-1:1:execution:m/Map:{name}"),
        name: name.to_owned(),
        state_machine_arn: "arn:aws:states:us-east-1:1:stateMachine:m/Map".to_owned(),
        start: Some("2024-01-01T00:00:00.000Z".to_owned()),
        stop: (outcome != Outcome::Pending).then(|| "2024-01-01T00:00:01.000Z".to_owned()),
        input: json!({"n": 1}),
        outcome,
    }
}

#[test]
fn results() {
    let executions = [
        execution("one", Outcome::Succeeded(json!([1, 2]))),
        execution("two", Outcome::Failed { error: Some("Bad".to_owned()), cause: Some("Why".to_owned()) }),
        execution("three", Outcome::Succeeded(json!({"x": 3}))),
    ];
    let run = "arn:aws:states:us-east-1:1:mapRun:m/Map:run-id";
    let none = result_files(("out", "jobs/"), run, &executions, Transformation::None, OutputType::Json);
    let keys: Vec<&str> = none.files.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["jobs/run-id/FAILED_0.json", "jobs/run-id/SUCCEEDED_0.json", "jobs/run-id/manifest.json"]);
    let failed: Value = serde_json::from_str(&none.files[0].1).unwrap();
    assert_eq!(
        (&failed[0]["Error"], &failed[0]["Cause"], &failed[0]["Status"]),
        (&json!("Bad"), &json!("Why"), &json!("FAILED"))
    );
    let succeeded: Value = serde_json::from_str(&none.files[1].1).unwrap();
    assert_eq!((&succeeded[0]["Output"], &succeeded[0]["Input"]), (&json!("[1,2]"), &json!("{\"n\":1}")));
    let manifest: Value = serde_json::from_str(&none.files[2].1).unwrap();
    assert_eq!(manifest["ResultFiles"]["SUCCEEDED"][0]["Size"], none.files[1].1.len());
    assert_eq!(manifest["ResultFiles"]["PENDING"], json!([]));
    assert_eq!(
        none.output,
        json!({"MapRunArn": run, "ResultWriterDetails": {"Bucket": "out", "Key": "jobs/run-id/manifest.json"}})
    );
    let flat = result_files(("out", ""), run, &executions, Transformation::Flatten, OutputType::JsonLines);
    assert_eq!(flat.files[1], ("run-id/SUCCEEDED_0.jsonl".to_owned(), "1\n2\n{\"x\":3}\n".to_owned()));
    let compact = result_files(("out", ""), run, &executions, Transformation::Compact, OutputType::Json);
    assert_eq!(compact.files[1].1, "[[1,2],{\"x\":3}]");
    let pending =
        result_files(("out", ""), run, &[execution("p", Outcome::Pending)], Transformation::Compact, OutputType::Json);
    assert_eq!(pending.files[0].0, "run-id/PENDING_0.json");
}

proptest! {
    #[test]
    fn every_item_is_in_one_batch(sizes in prop::collection::vec(0_usize..30, 0..40), most in 0_usize..5, bytes in 50_usize..90) {
        let items: Vec<Value> = sizes.iter().map(|size| Value::from("x".repeat(*size))).collect();
        let batcher = Batcher { max_items: most, max_bytes: bytes, input: None };
        let batches = batcher.batches(items.clone()).unwrap();
        for batch in &batches {
            prop_assert!(batch.to_string().len() <= bytes);
            prop_assert!(most == 0 || batch["Items"].as_array().unwrap().len() <= most);
        }
        let again: Vec<Value> = batches.iter().flat_map(|batch| batch["Items"].as_array().unwrap().clone()).collect();
        prop_assert_eq!(again, items);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for input_type in ["CSV", "JSON", "JSONL", "MANIFEST"] {
            let _ = Format::configured(&config(input_type)).unwrap().unwrap().items(&bytes, None);
        }
    }
}
