use anyhow::Context;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::diagnostic::{shown, shown_lines};

use super::brief::{differences, notes, paths};
use super::tested::{Broken, Tested};
use crate::diagnostic::counted;

/// The results as JUnit's XML: a scenario is a test case, and its file the class.
pub(super) fn report(tested: &[Tested], broken: &[Broken]) -> anyhow::Result<String> {
    let mut suite = TestSuite::new("scenarios");
    for one in tested {
        let mut case = TestCase::new(shown(&one.name), status(one));
        case.set_classname(shown(&one.path));
        case.set_time(one.took);
        case.set_system_out(shown_lines(&paths(&one.played).join("\n")));
        suite.add_test_case(case);
    }
    for one in broken {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_type("not run");
        status.set_message(shown(&one.why));
        let name = std::path::Path::new(&one.path).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut case = TestCase::new(shown(&name), status);
        case.set_classname(shown(&one.path));
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
    let (differences, left_out) = differences(&one.mismatches);
    let mut what: Vec<String> = differences.iter().map(|one| one.what.to_owned()).collect();
    let mut told: String = differences.iter().map(|one| format!("{}:\n{}\n", one.what, one.lines.join("\n"))).collect();
    if left_out > 0 {
        let more = counted(left_out, "more difference");
        told.push_str(&format!("and {more}\n"));
        what.push(more);
    }
    notes(&one.played).iter().for_each(|note| told.extend([note, "\n"]));
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type("mismatch");
    status.set_message(shown(&format!("differs from the expectation: {}", what.join(", "))));
    status.set_description(shown_lines(&told));
    status
}
