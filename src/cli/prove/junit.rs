use anyhow::Context;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::asked::Asked;
use super::human::{self, unmocked};
use crate::prove::{Proof, Verdict};

/// The verdict as JUnit's XML: one test case.
pub(super) fn report(asked: &Asked, proof: &Proof) -> anyhow::Result<String> {
    let status = match &proof.verdict {
        Verdict::Holds => TestCaseStatus::success(),
        Verdict::Broken(found) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type("broken");
            status.set_message(found.what.as_str());
            status.set_description(format!("{}\n{}", found.sequence, found.text));
            status
        }
        Verdict::Undecided(why) => undecided(why),
        Verdict::Unmocked { what, state } => undecided(&unmocked(what, state)),
    };
    let mut case = TestCase::new(asked.scope(), status);
    case.set_classname(asked.name.as_str());
    case.set_time(asked.took);
    case.set_system_out(human::report(asked, proof, None));
    let mut suite = TestSuite::new("prove");
    suite.add_test_case(case);
    let mut report = Report::new("bucketbook");
    report.add_test_suite(suite);
    report.to_string().context("cannot write the verdict as XML")
}

fn undecided(why: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_type("not decided");
    status.set_message(why);
    status
}
