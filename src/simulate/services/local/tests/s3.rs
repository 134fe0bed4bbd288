//! Objects and buckets.

use super::*;

#[test]
fn s3_answers_as_recorded() {
    let mut services = services();
    services.s3.create_bucket("b", false);
    let puts = [
        (json!("text data"), "KUmHvQ==", "2b5df3712557f503a9977a8ea893b2c9"),
        (json!({"Dict": "Value"}), "hnEfWw==", "49e31cee5aec8faf3345893addb14346"),
        (json!(0), "9NvfIQ==", "cfcd208495d565ef66e7dff9f98764da"),
    ];
    for (body, checksum, etag) in puts {
        let put = ask(&mut services, "aws-sdk:s3:putObject", "P", &json!({"Bucket": "b", "Key": "k", "Body": body}));
        let expected = json!({
            "ChecksumCRC32": checksum, "ChecksumType": "FULL_OBJECT", "ETag": format!("\"{etag}\""),
            "ServerSideEncryption": "AES256",
        });
        assert_eq!(result(put), expected);
    }
    let get = result(ask(&mut services, "aws-sdk:s3:getObject", "G", &json!({"Bucket": "b", "Key": "k"})));
    let expected = json!({
        "AcceptRanges": "bytes", "ContentLength": 1, "ContentType": "binary/octet-stream",
        "ETag": "\"cfcd208495d565ef66e7dff9f98764da\"", "LastModified": "2023-11-14T22:13:20Z", "Metadata": {},
        "ServerSideEncryption": "AES256", "Body": "0",
    });
    assert_eq!(get, expected);
    let errors = [
        (
            "getObject",
            json!({"Bucket": "b", "Key": "x"}),
            "S3.NoSuchKeyException",
            "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: ",
        ),
        (
            "headObject",
            json!({"Bucket": "b", "Key": "x"}),
            "S3.NoSuchKeyException",
            "null (Service: S3, Status Code: 404",
        ),
        (
            "listObjects",
            json!({"Bucket": "x"}),
            "S3.NoSuchBucketException",
            "The specified bucket does not exist (Service: S3, Status Code: 404, Request ID: ",
        ),
        (
            "getObject",
            json!({"Bucket": "b"}),
            "States.Runtime",
            "The Parameters '{\"Bucket\":\"b\"}' could not be used",
        ),
        (
            "createJob",
            json!({}),
            "States.Runtime",
            "there is no simulated service for arn:aws:states:::aws-sdk:s3:createJob",
        ),
    ];
    for (action, arguments, error, cause) in errors {
        let refused = failure(ask(&mut services, &format!("aws-sdk:s3:{action}"), "S", &arguments));
        assert_eq!(refused.error, error);
        assert!(refused.cause.starts_with(cause), "{}", refused.cause);
    }
}

#[test]
fn s3_lists_in_pages() {
    let mut services = services();
    services.s3.create_bucket("b", false);
    for key in ["a/1", "a/2", "a/3", "b", "c/1"] {
        ask(&mut services, "aws-sdk:s3:putObject", "P", &json!({"Bucket": "b", "Key": key, "Body": 1}));
    }
    let keys = |answer: &Value| -> Vec<String> {
        let contents = answer["Contents"].as_array().into_iter().flatten();
        let folders = answer["CommonPrefixes"].as_array().into_iter().flatten();
        contents
            .map(|o| &o["Key"])
            .chain(folders.map(|f| &f["Prefix"]))
            .map(|k| k.as_str().unwrap().to_owned())
            .collect()
    };
    let mut pages = Vec::new();
    let mut arguments = json!({"Bucket": "b", "Prefix": "a/", "MaxKeys": 2});
    loop {
        let page = result(ask(&mut services, "aws-sdk:s3:listObjectsV2", "L", &arguments));
        pages.push(keys(&page));
        match page.get("NextContinuationToken") {
            Some(token) => arguments["ContinuationToken"] = token.clone(),
            None => break,
        }
    }
    assert_eq!(pages, [vec!["a/1", "a/2"], vec!["a/3"]]);
    let mut folders = json!({"Bucket": "b", "Delimiter": "/", "MaxKeys": 1});
    let mut found = Vec::new();
    loop {
        let page = result(ask(&mut services, "aws-sdk:s3:listObjectsV2", "L", &folders));
        found.extend(keys(&page));
        match page.get("NextContinuationToken") {
            Some(token) => folders["ContinuationToken"] = token.clone(),
            None => break,
        }
    }
    assert_eq!(found, ["a/", "b", "c/"]);
    let none = result(ask(&mut services, "aws-sdk:s3:listObjectsV2", "L", &json!({"Bucket": "b", "Prefix": "z"})));
    assert_eq!((none.get("Contents"), &none["KeyCount"]), (None, &json!(0)));
}

#[test]
fn s3_tells_of_what_workflows_change() {
    let mut services = services();
    services.s3.create_bucket("b", true);
    services.s3.watch();
    ask(&mut services, "aws-sdk:s3:putObject", "P", &json!({"Bucket": "b", "Key": "k", "Body": 1}));
    ask(&mut services, "aws-sdk:s3:copyObject", "C", &json!({"Bucket": "b", "Key": "k2", "CopySource": "b/%6B"}));
    let deleted = result(ask(&mut services, "aws-sdk:s3:deleteObject", "D", &json!({"Bucket": "b", "Key": "k"})));
    assert_eq!(deleted["DeleteMarker"], true);
    let mut changes = std::iter::from_fn(|| services.s3.take_change());
    let (put, copy, delete) = (changes.next().unwrap(), changes.next().unwrap(), changes.next().unwrap());
    assert!(put.sequencer < copy.sequencer && copy.sequencer < delete.sequencer);
    assert_eq!((copy.key.as_str(), delete.key.as_str()), ("k2", "k"));
    assert!(changes.next().is_none());
}

#[test]
fn putting_and_deleting_by_hand_makes_events() {
    let mut services = services();
    let (now, origin) = (Timestamp::from_millis(1_700_000_000_000), Origin::default());
    let mut put = || {
        let object = Upload::default().object("k", now, &mut services.ids);
        services.s3.put("b", "k", object, "PutObject", &mut services.ids)
    };
    let (put, again) = (put(), put());
    let deleted = services.s3.delete("b", "k", now, &mut services.ids).unwrap();
    let sequencers: Vec<_> = [&put, &again, &deleted]
        .map(|change| change.event(&origin, &mut services.ids)["detail"]["object"]["sequencer"].to_string())
        .into();
    assert!(sequencers.is_sorted_by(|a, b| a < b), "{sequencers:?}");
    assert_ne!(put.what, again.what, "each put has bytes of its own");
    assert_eq!(services.s3.delete("b", "k", now, &mut services.ids), None);
    assert_eq!(services.s3.delete("none", "k", now, &mut services.ids), None);
    assert_eq!(services.s3.keys("b").count(), 0);
}

#[test]
fn buckets_are_made_and_deleted_and_objects_by_version() {
    let mut services = services();
    let bucket = json!({"Bucket": "b"});
    result(ask(&mut services, "aws-sdk:s3:createBucket", "C", &bucket));
    let versioning = json!({"Bucket": "b", "VersioningConfiguration": {"Status": "Enabled"}});
    result(ask(&mut services, "aws-sdk:s3:putBucketVersioning", "V", &versioning));
    assert_eq!(
        result(ask(&mut services, "aws-sdk:s3:getBucketVersioning", "G", &bucket)),
        json!({"Status": "Enabled"})
    );
    let put = json!({"Bucket": "b", "Key": "k", "Body": "x"});
    let version = result(ask(&mut services, "aws-sdk:s3:putObject", "P", &put))["VersionId"].clone();
    let copy = format!("b/k?versionId={}", version.as_str().unwrap());
    let copy = json!({"Bucket": "b", "Key": "l", "CopySource": copy});
    let copied = result(ask(&mut services, "aws-sdk:s3:copyObject", "O", &copy))["VersionId"].clone();
    let objects = json!([{"Key": "k"}, {"Key": "l", "VersionId": copied}]);
    let delete = json!({"Bucket": "b", "Delete": {"Objects": objects}});
    let deleted = result(ask(&mut services, "aws-sdk:s3:deleteObjects", "D", &delete))["Deleted"].clone();
    assert_eq!((&deleted[0]["DeleteMarker"], &deleted[1]), (&json!(true), &json!({"Key": "l", "VersionId": copied})));
    let marker = json!({"Bucket": "b", "Key": "k", "VersionId": deleted[0]["DeleteMarkerVersionId"]});
    let refused = failure(ask(&mut services, "aws-sdk:s3:getObject", "G", &marker));
    assert!(refused.cause.starts_with("The specified method is not allowed"), "{}", refused.cause);
    let full = failure(ask(&mut services, "aws-sdk:s3:deleteBucket", "B", &bucket));
    assert!(full.cause.starts_with("The bucket you tried to delete is not empty"), "{}", full.cause);
}

#[test]
fn s3_gives_what_is_asked_for_and_under_the_conditions_that_are_asked() {
    let mut services = services();
    services.s3.create_bucket("b", false);
    let put =
        result(ask(&mut services, "aws-sdk:s3:putObject", "S", &json!({"Bucket": "b", "Key": "k", "Body": 12345})));
    let of_object = |more: Value| {
        let mut arguments = json!({"Bucket": "b", "Key": "k"});
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        arguments
    };
    for (range, body, place) in [
        ("bytes=1-2", "23", Some("bytes 1-2/5")),
        ("bytes=3-", "45", Some("bytes 3-4/5")),
        ("bytes=-2", "45", Some("bytes 3-4/5")),
        ("bytes=0-99", "12345", Some("bytes 0-4/5")),
        ("bytes=2-1", "12345", None),
        ("lines=1", "12345", None),
    ] {
        let answer = result(ask(&mut services, "aws-sdk:s3:getObject", "S", &of_object(json!({ "Range": range }))));
        assert_eq!((&answer["Body"], &answer["ContentLength"]), (&json!(body), &json!(body.len())), "{range}");
        assert_eq!(answer.get("ContentRange").and_then(Value::as_str), place, "{range}");
    }
    let attributes = of_object(json!({"ObjectAttributes": ["ObjectSize", "Checksum"]}));
    let attributes = result(ask(&mut services, "aws-sdk:s3:getObjectAttributes", "S", &attributes));
    let checksum = json!({"ChecksumCRC32": put["ChecksumCRC32"], "ChecksumType": "FULL_OBJECT"});
    assert_eq!((&attributes["ObjectSize"], &attributes["Checksum"]), (&json!(5), &checksum));
    assert_eq!((attributes.get("ETag"), attributes.get("StorageClass")), (None, None));
    let listed = result(ask(&mut services, "aws-sdk:s3:listObjectsV2", "S", &json!({"Bucket": "b"})));
    let entry = &listed["Contents"][0];
    assert_eq!((&entry["ChecksumAlgorithm"], &entry["ChecksumType"]), (&json!(["CRC32"]), &json!("FULL_OBJECT")));
    let copy = json!({"Bucket": "b", "Key": "l", "CopySource": "b/k"});
    let copied = result(ask(&mut services, "aws-sdk:s3:copyObject", "S", &copy));
    assert_eq!(copied["CopyObjectResult"]["ChecksumCRC32"], put["ChecksumCRC32"]);

    let etag = put["ETag"].clone();
    let long = json!({"Bucket": "b", "Key": "k".repeat(1025)});
    for (call, arguments, error, cause) in [
        (
            "getObject",
            of_object(json!({"Range": "bytes=5-"})),
            "S3.S3Exception",
            "The requested range is not satisfiable",
        ),
        (
            "getObject",
            of_object(json!({"IfMatch": "\"other\""})),
            "S3.S3Exception",
            "At least one of the pre-conditions",
        ),
        (
            "headObject",
            of_object(json!({ "IfNoneMatch": etag })),
            "S3.S3Exception",
            "null (Service: S3, Status Code: 304",
        ),
        ("putObject", of_object(json!({"IfMatch": "other"})), "S3.S3Exception", "At least one of the pre-conditions"),
        (
            "putObject",
            json!({"Bucket": "b", "Key": "new", "IfMatch": "x"}),
            "S3.NoSuchKeyException",
            "The specified key",
        ),
        ("putObject", long, "S3.S3Exception", "Your key is too long (Service: S3, Status Code: 400"),
        ("getObjectAttributes", of_object(json!({})), "States.Runtime", "The Parameters "),
    ] {
        let refused = failure(ask(&mut services, &format!("aws-sdk:s3:{call}"), "S", &arguments));
        assert_eq!(refused.error, error, "{call} {arguments}");
        assert!(refused.cause.starts_with(cause), "{} NOT {cause}", refused.cause);
    }
    let same = of_object(json!({ "IfMatch": etag }));
    assert_eq!(result(ask(&mut services, "aws-sdk:s3:getObject", "S", &same))["Body"], "12345");
}

#[test]
fn tags_come_with_an_upload_or_a_copy_and_belong_to_a_version() {
    let mut services = services();
    services.s3.create_bucket("b", true);
    let mut call = |action: &str, more: Value| {
        let mut arguments = json!({"Bucket": "b", "Key": "k"});
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        result(ask(&mut services, &format!("aws-sdk:s3:{action}"), "S", &arguments))
    };
    let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
    let first = call("putObject", json!({"Body": "1", "Tagging": "owner=Ada+L.&%C3%A9=%26"}))["VersionId"].clone();
    assert_eq!(call("getObjectTagging", json!({}))["TagSet"], json!([tag("owner", "Ada L."), tag("é", "&")]));
    assert_eq!(call("headObject", json!({}))["TagCount"], 2);

    let second = call("putObject", json!({"Body": "2"}))["VersionId"].clone();
    let set = json!({"Tagging": {"TagSet": [tag("a", "1")]}});
    assert_eq!(call("putObjectTagging", set), json!({ "VersionId": second }));
    let of_first = call("getObjectTagging", json!({ "VersionId": first }));
    assert_eq!(of_first["TagSet"].as_array().map(Vec::len), Some(2));
    assert_eq!(call("deleteObjectTagging", json!({ "VersionId": first }))["VersionId"], first);
    assert_eq!(call("getObjectTagging", json!({ "VersionId": first }))["TagSet"], json!([]));
    assert_eq!(call("getObjectTagging", json!({}))["TagSet"], json!([tag("a", "1")]));

    call("copyObject", json!({"Key": "copy", "CopySource": "b/k"}));
    assert_eq!(call("getObjectTagging", json!({"Key": "copy"}))["TagSet"], json!([tag("a", "1")]));
    call("copyObject", json!({"Key": "copy", "CopySource": "b/k", "TaggingDirective": "REPLACE", "Tagging": "c=3"}));
    assert_eq!(call("getObjectTagging", json!({"Key": "copy"}))["TagSet"], json!([tag("c", "3")]));
}
