use anyhow::Context;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{Tested, difference, paths};

/// The results as JUnit's XML: a scenario is a test case, and its file the class.
pub(super) fn report(tested: &[Tested]) -> anyhow::Result<String> {
    let mut suite = TestSuite::new("scenarios");
    for one in tested {
        let mut case = TestCase::new(one.name.as_str(), status(one));
        case.set_classname(one.path.as_str());
        case.set_time(one.took);
        case.set_system_out(paths(&one.played).join("\n"));
        suite.add_test_case(case);
    }
    let mut report = Report::new("bucketbook");
    report.add_test_suite(suite);
    report.to_string().context("cannot write the results as XML")
}

fn status(one: &Tested) -> TestCaseStatus {
    if one.mismatches.is_empty() {
        return TestCaseStatus::success();
    }
    let what: Vec<&str> = one.mismatches.iter().map(|mismatch| mismatch.what.as_str()).collect();
    let differences = one.mismatches.iter().map(|mismatch| format!("{}:\n{}", mismatch.what, difference(mismatch)));
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type("mismatch");
    status.set_message(format!("not as expected: {}", what.join(", ")));
    status.set_description(
        differences.chain(one.played.notes.iter().map(|note| format!("{note}\n"))).collect::<String>(),
    );
    status
}
