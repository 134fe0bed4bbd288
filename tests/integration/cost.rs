//! What stacks cost: five designs and a backfill worked out by hand, from prices that are written here and not read from the
//! sheet; what the command prints; and its exit codes.

use crate::common::Workspace;
use bucketbook::cost::alternatives::{self, Comparison};
use bucketbook::cost::{self, Bill, Decimal, Mix, Options, PriceId, PriceSheet, Quantity, Specs};
use bucketbook::loaded::LoadedStack;
use bucketbook::source::Source;
use bucketbook::spec::{Document, STARTERS, Spec};
use serde_json::Value;

fn spec(text: &str) -> Spec {
    Document::parse(Source::new("bucketbook.yaml", text)).map_err(|(_, fault)| fault).unwrap().spec
}

/// New files only, and nothing in the table but what is said.
fn new_files(events: u64) -> Options {
    Options {
        events: Quantity::new(events),
        objects: Some(Quantity::new(0)),
        mix: Mix::new_files(),
        ..Options::default()
    }
}

fn priced(text: &str, options: &Options) -> Bill {
    cost::of_spec(&spec(text), options, &PriceSheet::built_in()).unwrap()
}

/// A stream costs what reads it, if that is not Lambda: 5,000,000 requests at 0.02 USD for 100,000.
#[test]
fn a_stream_that_is_read() {
    let workspace = Workspace::new();
    let table = |stream: &str| {
        format!(
            "Resources:\n  Files:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n{stream}      \
             AttributeDefinitions: [{{AttributeName: id, AttributeType: S}}]\n      KeySchema: [{{AttributeName: id, KeyType: HASH}}]\n  \
             Machine:\n    Type: AWS::Serverless::StateMachine\n    Properties: {{Definition: {{StartAt: A, States: {{A: {{Type: Succeed}}}}}}}}\n"
        )
    };
    workspace.write("with.yaml", table("      StreamSpecification: {StreamViewType: NEW_IMAGE}\n"));
    workspace.write("without.yaml", table(""));
    let line = |arguments: &[&str]| {
        let (code, out, err) = workspace.run(arguments);
        assert_eq!(code, 0, "{err}");
        let bill: Value = serde_json::from_str(&out).unwrap();
        let lines = bill["lines"].as_array().unwrap().clone();
        lines.into_iter().find(|line| line["id"] == "stream-read").map(|line| line["usd"].to_string())
    };
    let read = ["--stream-reads", "5M", "--format", "json"];
    assert_eq!(line(&[&["cost", "with.yaml"], &read[..]].concat()).as_deref(), Some("1"));
    assert_eq!(line(&[&["cost", "with.yaml", "--free-tier"], &read[..]].concat()).as_deref(), Some("0.5"));
    assert_eq!(line(&[&["cost", "without.yaml"], &read[..]].concat()), None);
    assert_eq!(line(&["cost", "with.yaml", "--format", "json"]), None);
}

/// The lines of a bill: what for, units, USD in full.
fn lines(lines: &[cost::Line]) -> Vec<(PriceId, String, String)> {
    lines.iter().map(|line| (line.id, line.units.to_string(), line.usd.to_string())).collect()
}

fn expected(lines: &[(PriceId, &str, &str)]) -> Vec<(PriceId, String, String)> {
    lines.iter().map(|(id, units, usd)| (*id, (*units).to_owned(), (*usd).to_owned())).collect()
}

/// Design 1: the article's stack, STANDARD, a million new files in us-east-1.
///
/// - EventBridge: 1,000,000 events at 1.00 USD a million: 1.00
/// - Step Functions: Query, ObjectExists, PutObject, ObjectAdded: 4,000,000 transitions at 25 USD a million: 100.00
/// - DynamoDB: a put of less than 1 KB: 1,000,000 units at 0.625 a million: 0.625
/// - DynamoDB: a query that finds nothing and may be out of date: 500,000 units at 0.125 a million: 0.0625
#[test]
fn the_article() {
    let bill = priced("{}", &new_files(1_000_000));
    let by_hand = [
        (PriceId::OptInEvent, "1000000", "1"),
        (PriceId::StateTransition, "4000000", "100"),
        (PriceId::WriteRequestUnit, "1000000", "0.625"),
        (PriceId::ReadRequestUnit, "500000", "0.0625"),
    ];
    assert_eq!(lines(&bill.lines), expected(&by_hand));
    assert_eq!(bill.total.money(), "101.69");
}

/// Design 2: one conditional update, EXPRESS. Well under a tenth of the article's.
///
/// - EventBridge: 1.00
/// - Step Functions: 1,000,000 requests at 1.00 a million: 1.00
/// - Step Functions: one call of 50 ms, rounded up to 100 ms, in 64 MB: 0.1 × 64/1024 = 0.00625 GB-seconds each, 6,250 at
///   0.00001667: 0.1041875
/// - DynamoDB: 1,000,000 writes: 0.625
#[test]
fn the_express_upsert() {
    let text = "state_machine: {type: EXPRESS, flow: upsert}";
    let bill = priced(text, &new_files(1_000_000));
    let by_hand = [
        (PriceId::OptInEvent, "1000000", "1"),
        (PriceId::ExpressRequest, "1000000", "1"),
        (PriceId::ExpressGbSecond, "6250", "0.1041875"),
        (PriceId::WriteRequestUnit, "1000000", "0.625"),
    ];
    assert_eq!(lines(&bill.lines), expected(&by_hand));
    assert_eq!(bill.total.money(), "2.73");
    let article = priced("{}", &new_files(1_000_000)).total;
    assert!(bill.total * Decimal::from(30) < article);
}

/// Design 3: with a REST API in eu-west-1: 2 million events, of which 30 % are updates and 10 % come twice; records of 1,500
/// bytes, of which there are 10 million; 5 million reads.
///
/// - EventBridge: 2,000,000 at 1.00 a million: 2.00
/// - Step Functions: four states each time (late: Query, ObjectExists, UpdateObject, EventIgnored): 8,000,000: 200.00
/// - DynamoDB: 1,500 bytes are 2 units; 2,000,000 writes, the ones that lose too: 4,000,000 units. The index holds whole records:
///   2 units for each of 1,200,000 new ones and 600,000 updates, none for what comes twice: 3,600,000. Together 7,600,000 at
///   0.705 a million: 5.358
/// - DynamoDB: half a unit for each query (1,000,000) and each read (2,500,000): 3,500,000 at 0.1415 a million: 0.49525
/// - DynamoDB: 10,000,000 × (1,500 + 100) bytes, in table and index: 32,000,000,000 / 2^30 = 29.8023223876953125 GB at 0.283:
///   8.4340572357177734375
/// - API Gateway: 5,000,000 at 3.50 a million: 17.50
#[test]
fn a_rest_api_in_ireland() {
    let mut options = new_files(2_000_000);
    options.region = "eu-west-1".to_owned();
    options.objects = Some("10M".parse().unwrap());
    options.reads = "5M".parse().unwrap();
    options.item_bytes = Some(1_500);
    options.mix.updates = "30%".parse().unwrap();
    options.mix.late = "10%".parse().unwrap();
    let bill = priced("api: {type: direct, access_logs: none}", &options);
    let by_hand = [
        (PriceId::OptInEvent, "2000000", "2"),
        (PriceId::StateTransition, "8000000", "200"),
        (PriceId::WriteRequestUnit, "7600000", "5.358"),
        (PriceId::ReadRequestUnit, "3500000", "0.49525"),
        (PriceId::TableStorage, "29.8023223876953125", "8.4340572357177734375"),
        (PriceId::RestApiRequest, "5000000", "17.5"),
    ];
    assert_eq!(lines(&bill.lines), expected(&by_hand));
    assert_eq!(bill.total.money(), "233.79");
}

/// A stack that somebody wrote: a function and a queue, EXPRESS.
const FOREIGN: &str = r#"
Resources:
  Files: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {EventBridgeConfiguration: {}}}}
  Jobs: {Type: AWS::SQS::Queue}
  Resize:
    Type: AWS::Serverless::Function
    Properties: {MemorySize: 512, Architectures: [arm64], Runtime: python3.13, Handler: a.b, CodeUri: .}
  Work:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Definition:
        StartAt: Resize
        States:
          Resize:
            Type: Task
            Resource: arn:aws:states:::lambda:invoke
            Parameters: {FunctionName: !GetAtt Resize.Arn, Payload: {key.$: $.detail.object.key}}
            ResultPath: null
            Next: Tell
          Tell:
            Type: Task
            Resource: arn:aws:states:::sqs:sendMessage
            Parameters: {QueueUrl: !Ref Jobs, MessageBody.$: $.detail.object.key}
            End: true
      Events:
        Made:
          Type: EventBridgeRule
          Properties: {Pattern: {source: [aws.s3], detail-type: [Object Created], detail: {object: {key: [{prefix: in/}]}}}}
"#;

/// Design 4: that stack, 3 million events, whose function runs for 250 ms.
///
/// - EventBridge: 3.00
/// - Step Functions: 3,000,000 requests: 3.00
/// - Step Functions: 250 ms for the function and 50 ms for the queue, 300 ms in 64 MB: 0.01875 GB-seconds each, 56,250 at
///   0.00001667: 0.9376875
/// - SQS: 3,000,000 at 0.40 a million: 1.20
/// - Lambda: 3,000,000 at 0.20 a million: 0.60
/// - Lambda: 0.25 s in 512 MB: 0.125 GB-seconds each, 375,000 at 0.0000133334 (Arm): 5.000025
#[test]
fn a_function_and_a_queue() {
    let stack = LoadedStack::from_text("template.yaml", FOREIGN).unwrap();
    let options = Options { function_ms: 250, ..new_files(3_000_000) };
    let bill = cost::of_stack(&stack, &options, &PriceSheet::built_in()).unwrap();
    let by_hand = [
        (PriceId::OptInEvent, "3000000", "3"),
        (PriceId::ExpressRequest, "3000000", "3"),
        (PriceId::ExpressGbSecond, "56250", "0.9376875"),
        (PriceId::QueueRequest, "3000000", "1.2"),
        (PriceId::FunctionRequest, "3000000", "0.6"),
        (PriceId::FunctionGbSecondArm, "375000", "5.000025"),
    ];
    assert_eq!(lines(&bill.lines), expected(&by_hand));
    assert_eq!(bill.total.money(), "13.74");
}

/// Design 5: alarms, a dashboard, a key and backups in eu-central-1, with what is free taken off: 100,000 new files, 1,000,000
/// records of 924 bytes.
///
/// - EventBridge: 100,000 at 1.00 a million: 0.10
/// - Step Functions: 400,000 transitions, 4,000 of them free: 396,000 at 25 a million: 9.90
/// - DynamoDB: 100,000 writes at 0.7625 a million: 0.07625; 50,000 read units at 0.1525 a million: 0.007625
/// - DynamoDB: 1,000,000 × 1,024 bytes = 0.95367431640625 GB, less than the free 25: 0
/// - DynamoDB: the same with backups, of which none is free, at 0.2448: 0.23345947265625
/// - CloudWatch: 6 alarms of 10 that are free and 1 dashboard of 3: 0
/// - KMS: a key: 1.00; the table and the topic ask it 8,760 times each, less than the free 20,000: 0
#[test]
fn what_is_free() {
    let mut options = new_files(100_000);
    options.region = "eu-central-1".to_owned();
    options.objects = Some("1M".parse().unwrap());
    options.item_bytes = Some(924);
    options.free_tier = true;
    let text = "{alarms: {}, dashboard: true, table: {encryption: KMS, point_in_time_recovery: true}}";
    let bill = priced(text, &options);
    let by_hand = [
        (PriceId::OptInEvent, "100000", "0.1"),
        (PriceId::StateTransition, "400000", "9.9"),
        (PriceId::WriteRequestUnit, "100000", "0.07625"),
        (PriceId::ReadRequestUnit, "50000", "0.007625"),
        (PriceId::TableStorage, "0.95367431640625", "0"),
        (PriceId::TableBackup, "0.95367431640625", "0.23345947265625"),
        (PriceId::Alarm, "6", "0"),
        (PriceId::Dashboard, "1", "0"),
        (PriceId::Key, "1", "1"),
        (PriceId::KeyRequest, "17520", "0"),
    ];
    assert_eq!(lines(&bill.lines), expected(&by_hand));
    assert_eq!(bill.total.money(), "11.32");
}

/// A backfill of 10 million objects, in batches of 500.
///
/// - Step Functions: ChoosePrefix, RecordObjects and BucketRecorded, and 20,000 children: 20,003 at 25 a million: 0.500075
/// - Step Functions: 20,000 EXPRESS requests: 0.02; a put of 50 ms for each object, ten at a time: 10,000,000 × 0.005 s in 64 MB:
///   3,125 GB-seconds at 0.00001667: 0.05209375
/// - DynamoDB: 10,000,000 writes: 6.25
/// - S3: 1,000 keys a page: 10,000 LIST requests at 0.005 a thousand: 0.05
#[test]
fn a_backfill() {
    let mut options = new_files(0);
    options.objects = Some("10M".parse().unwrap());
    let bill = priced("backfill: {}", &options);
    let by_hand = [
        (PriceId::StateTransition, "20003", "0.500075"),
        (PriceId::ExpressRequest, "20000", "0.02"),
        (PriceId::ExpressGbSecond, "3125", "0.05209375"),
        (PriceId::WriteRequestUnit, "10000000", "6.25"),
        (PriceId::S3Put, "10000", "0.05"),
    ];
    assert_eq!(lines(&bill.one_off), expected(&by_hand));
    assert_eq!(bill.one_off_total.money(), "6.87");
}

/// What happens to a bill when a choice is made: what S3 is asked, what is logged, what comes too late.
#[test]
fn choices_show() {
    let units = |text: &str, options: &Options, id: PriceId| {
        let bill = priced(text, options);
        bill.lines.iter().find(|line| line.id == id).map(|line| line.units.to_string()).unwrap_or_default()
    };
    let new = new_files(100);
    let late = Options { mix: Mix { late: "100%".parse().unwrap(), ..Mix::new_files() }, ..new_files(100) };
    let failing = Options { mix: Mix { failures: "100%".parse().unwrap(), ..Mix::new_files() }, ..new_files(100) };
    let deleted =
        Options { mix: Mix { deletions: Some("100%".parse().unwrap()), ..Mix::new_files() }, ..new_files(100) };
    for (text, options, id, expected) in [
        ("enrich: [contentType]", &new, PriceId::S3Get, "100"),
        ("enrich: [contentType, tags]", &new, PriceId::S3Get, "200"),
        ("{}", &new, PriceId::S3Get, ""),
        // A write that loses is billed as one that wins.
        ("state_machine: {flow: upsert}", &late, PriceId::WriteRequestUnit, "100"),
        ("state_machine: {flow: upsert}", &late, PriceId::StateTransition, "200"),
        // Nothing is written while all is throttled; the query is tried seven times.
        ("dead_letters: {}", &failing, PriceId::WriteRequestUnit, ""),
        ("dead_letters: {}", &failing, PriceId::QueueRequest, "100"),
        ("dead_letters: {}", &failing, PriceId::StateTransition, "900"),
        // An event that no rule matches is paid for all the same.
        ("{}", &deleted, PriceId::OptInEvent, "100"),
        ("{}", &deleted, PriceId::StateTransition, ""),
        ("events: {deleted: remove}", &deleted, PriceId::WriteRequestUnit, "100"),
        ("state_machine: {tracing: true}", &new, PriceId::Trace, "100"),
    ] {
        assert_eq!(units(text, options, id), expected, "{text}: {id:?}");
    }
    let logged = |level: &str, options: &Options| {
        let bill = priced(&format!("state_machine: {{logging: {{level: {level}}}}}"), options);
        bill.lines.into_iter().find(|line| line.id == PriceId::LogIngestion).map(|line| line.units)
    };
    assert!(logged("ALL", &new) > logged("ERROR", &late));
    assert!(logged("ERROR", &late) > logged("FATAL", &late));
    assert_eq!(logged("ERROR", &new), None);
}

/// Uploads that the rules take are found, whatever the rules ask for; each way counts as often as the others.
#[test]
fn every_route_is_taken() {
    for (routes, ways, executions) in [
        ("{name: A, prefix: in/, suffix: .jpg}", 1, "1"),
        ("{name: A, wildcard: 'docs/*/raw/*.pdf'}", 1, "1"),
        ("{name: A, size: {min: 5368709120}}, {name: B, size: {max: 10}}", 2, "1"),
        ("{name: A, reasons: [CompleteMultipartUpload]}", 1, "1"),
        ("{name: A, pattern: {detail: {object: {key: [{suffix: .png}]}, requester: ['111122223333']}}}", 1, "1"),
        ("{name: A, prefix: in/}, {name: B, prefix: in/new/}", 2, "1.5"),
    ] {
        let bill = priced(&format!("routes: [{routes}]"), &new_files(1));
        assert_eq!(bill.basis, cost::usage::Basis::Simulated, "{routes}");
        let told = bill.assumptions.iter().any(|note| note.contains(&format!("distinguish {ways} kinds")));
        assert_eq!(told, ways > 1, "{routes}: {:?}", bill.assumptions);
        let all: Decimal = bill.usage[0].machines.iter().map(|machine| machine.executions.clone()).sum();
        assert_eq!(all.to_string(), executions, "{routes}");
    }
}

#[test]
fn a_bill_can_be_worked_out_again() {
    let text = "{api: lambda, backfill: {}, state_machine: {logging: {level: ALL}}, alarms: {}}";
    let mut options =
        Options { reads: Quantity::new(1_000), objects: Some(Quantity::new(5_000)), ..Options::default() };
    let bill = priced(text, &options);
    options.events = Quantity::new(400_000_000);
    options.reads = Quantity::new(700_000_000);
    options.objects = Some(Quantity::new(3_000_000_000));
    let other = priced(text, &options);
    assert_eq!(bill.at(other.volume.clone()), other);
}

#[test]
fn the_cheapest_is_marked() {
    let sheet = PriceSheet::built_in();
    let options = new_files(1_000_000);
    let comparisons = alternatives::of_spec(&Spec::default(), &mut Specs::new(&options, &sheet)).unwrap();
    let best = |comparison: &Comparison| {
        let marked = comparison.alternatives.iter().filter(|one| one.cheapest).map(|one| one.name.clone());
        let current = comparison.alternatives.iter().find(|one| one.current).unwrap().name.clone();
        (comparison.choice, comparison.alternatives.len(), marked.collect::<Vec<_>>(), current)
    };
    let found: Vec<_> = comparisons.iter().map(best).collect();
    let both = || vec!["latest".to_owned(), "history".to_owned()];
    let quiet = || vec!["OFF".to_owned(), "ERROR".to_owned()];
    assert_eq!(
        found,
        [
            (
                "flow and type of workflow",
                4,
                vec!["upsert, EXPRESS".to_owned()],
                "query-then-write, STANDARD".to_owned()
            ),
            ("layout of the table", 2, both(), "latest".to_owned()),
            ("log level", 3, quiet(), "OFF".to_owned()),
        ]
    );
    // A choice that does not go together with the rest is left out.
    let removing = spec("events: {deleted: remove}");
    let comparisons = alternatives::of_spec(&removing, &mut Specs::new(&options, &sheet)).unwrap();
    assert_eq!(comparisons[1].alternatives.len(), 1);
}

proptest::proptest! {
    #![proptest_config(crate::sample::cases(24))]

    /// Whatever can be chosen has a bill that was measured, and its parts come to the whole.
    #[test]
    fn every_spec_has_a_bill(spec in crate::common::spec()) {
        let sheet = PriceSheet::built_in();
        let bill = match cost::of_spec(&spec, &Options::default(), &sheet) {
            Err(cost::CostError::Catalog(_)) => return Ok(()),
            bill => bill.unwrap(),
        };
        proptest::prop_assert_eq!(bill.basis, cost::usage::Basis::Simulated, "{:?}", bill.assumptions);
        proptest::prop_assert!(bill.usage.iter().all(|usage| usage.failed.is_none()), "{:?}", bill.assumptions);
        proptest::prop_assert!(bill.unpriced.is_empty());
        let shares: Decimal = bill.usage.iter().map(|usage| usage.share.clone()).sum();
        proptest::prop_assert_eq!(shares.round(30), Decimal::one().round(30));
        let sum: Decimal = bill.lines.iter().map(|line| line.usd.clone()).sum();
        proptest::prop_assert_eq!(&sum, &bill.total);
        let services: Decimal = bill.services().into_iter().map(|(_, usd)| usd).sum();
        proptest::prop_assert_eq!(services, sum);
    }
}

/// A workspace with a starter and its generated stack.
fn workspace(starter: &str) -> Workspace {
    let workspace = Workspace::new();
    assert_eq!(workspace.run(&["init", "--template", starter]).0, 0);
    assert_eq!(workspace.run(&["generate"]).0, 0);
    workspace
}

#[test]
fn every_starter_in_every_format() {
    for starter in STARTERS {
        let workspace = workspace(starter.name);
        for format in ["human", "markdown", "json"] {
            let arguments = ["cost", "--objects", "10M", "--reads", "5M", "--format", format];
            let (code, out, err) = workspace.run(&arguments);
            assert_eq!((code, err.as_str()), (0, ""));
            insta::assert_snapshot!(format!("cost-{}-{format}", starter.name), out);
        }
    }
}

#[test]
fn everything_together() {
    let workspace = Workspace::new();
    let spec = "{bucket: {versioned: true}, backfill: {}, api: lambda, enrich: [contentType, tags], \
                events: {deleted: mark, tags: record}, dead_letters: {}, \
                state_machine: {type: EXPRESS, logging: {level: ALL}}, \
                indexes: [{name: by-etag, partition: etag, projection: KEYS_ONLY}]}";
    workspace.write("bucketbook.yaml", spec);
    let (code, out, err) = workspace.run(&["cost", "--objects", "10M", "--reads", "5M", "--failures", "1%"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!("cost-everything-human", out);
}

#[test]
fn a_stack_is_named_in_many_ways() {
    let workspace = workspace("article");
    let total = |arguments: &[&str]| {
        let (code, out, err) = workspace.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {err}");
        let bill: Value = serde_json::from_str(&out).unwrap();
        bill["total"].as_f64().unwrap().to_string()
    };
    workspace.write("other-name.yaml", workspace.read("bucketbook.yaml"));
    let json = ["--format", "json"];
    for path in [&[][..], &["."], &["bucketbook.yaml"], &["other-name.yaml"], &["out"], &["out/template.yaml"]] {
        let arguments: Vec<&str> = ["cost"].iter().chain(path).chain(&json).copied().collect();
        assert_eq!(total(&arguments), total(&["cost", "--format", "json"]), "{path:?}");
    }
    // A definition alone has no bucket: its ways are counted, and no events of S3.
    let definition = workspace.read("out/definitions/object_created.asl.json");
    let output = workspace.command(&["cost", "-"]).write_stdin(definition).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(
        out.contains("could not be simulated") && out.contains("4 (4 to 4)") && !out.contains("EventBridge"),
        "{out}"
    );
}

#[test]
fn a_trace_gives_the_counts() {
    let workspace = workspace("article");
    let (_, history, _) = workspace.run(&["simulate", "--put", "a", "--put", "a", "--format", "json"]);
    let (_, lines, _) = workspace.run(&["simulate", "--put", "a", "--put", "a", "--format", "jsonl"]);
    workspace.write("trace.json", &history);
    workspace.write("trace.jsonl", &lines);
    let of = |name: &str| {
        let (code, out, err) = workspace.run(&["cost", "--trace", name, "--objects", "0", "--format", "json"]);
        assert_eq!(code, 0, "{err}");
        serde_json::from_str::<Value>(&out).unwrap()
    };
    let bill = of("trace.json");
    assert_eq!(bill["usage"][0]["machines"][0]["transitions"], 4);
    assert_eq!(bill["total"], 101.6875);
    assert_eq!(bill, of("trace.jsonl"));
}

#[test]
fn what_is_wrong_is_said() {
    let workspace = workspace("article");
    workspace.write("prices.yaml", "prices:\n  - {id: alrm, regions: [us-east-1], usd: 1, source: me}\n");
    workspace.write("trace.json", "{\"executions\": []}");
    workspace.write("spec/bucketbook.yaml", "table: {layout: newest}\n");
    workspace.write("broken.asl.json", r#"{"StartAt": "A", "States": {"B": {"Type": "Succeed"}}}"#);
    for (arguments, says) in [
        (&["--region", "mars-1"][..], "there are prices for ap-northeast-1, eu-central-1, eu-west-1, us-east-1"),
        (&["--events", "many"], "such as 250000, 250k, 1M or 2.5M"),
        (&["--updates", "120%"], "expected a share from 0 to 1"),
        (&["--updates", "60%", "--late", "50%"], "add up to more than 100 %"),
        (&["--prices", "prices.yaml"], "did you mean `alarm`?"),
        (&["--prices", "prices.yaml"], "prices.yaml:2:10"),
        (&["--prices", "nowhere.yaml"], "cannot read the file"),
        (&["--trace", "trace.json"], "`trace.json` is not a trace"),
        (&["--trace", "nowhere.json"], "cannot read the file"),
        (&["nowhere.yaml"], "cannot read `nowhere.yaml`"),
        (&["trace.json"], "is neither a template nor a state machine's definition"),
        (&["spec"], "expected `latest` or `history`"),
        (&["broken.asl.json"], "StartAt"),
    ] {
        let arguments: Vec<&str> = ["cost"].iter().chain(arguments).copied().collect();
        let (code, out, err) = workspace.run(&arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(err.contains(says), "{arguments:?}: {err}");
        assert!(err.lines().count() < 25, "{err}");
    }
}

#[test]
fn prices_can_be_replaced() {
    let workspace = workspace("article");
    let line = "{id: state-transition, regions: [us-east-1], usd: 0, per: 1000, source: a contract}";
    workspace.write("prices.yaml", format!("date: '2027-01-01'\nprices: [{line}]\n"));
    let (code, out, _) = workspace.run(&["cost", "--prices", "prices.yaml"]);
    assert_eq!(code, 0);
    assert!(out.contains("some replaced by prices.yaml (2027-01-01)"), "{out}");
    assert!(out.contains("transitions  4,000,000  0.00 per 1,000       0.00"), "{out}");
}
