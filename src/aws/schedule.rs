//! Schedule expressions of EventBridge's
//! [rules](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html) and of its
//! [Scheduler](https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html).

/// What is wrong with a schedule expression; `scheduler` says that it is the Scheduler's, which also takes a single time.
///
/// ```
/// use bucketbook::aws::schedule::problem;
///
/// assert_eq!(problem("rate(5 minutes)", false), None);
/// assert_eq!(problem("cron(0 12 * * ? *)", false), None);
/// assert!(problem("cron(0 12 * * *)", false).is_some());
/// ```
pub fn problem(text: &str, scheduler: bool) -> Option<String> {
    let inside = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(rate) = inside("rate") {
        return of_rate(rate, scheduler);
    }
    if let Some(cron) = inside("cron") {
        return of_cron(cron);
    }
    match inside("at") {
        Some(time) if scheduler => {
            let read = chrono::NaiveDateTime::parse_from_str(time, "%Y-%m-%dT%H:%M:%S");
            read.is_err().then(|| format!("`{time}` is not a time such as `2030-01-31T12:00:00`"))
        }
        Some(_) => Some("only EventBridge Scheduler takes `at(...)`".to_owned()),
        None => Some("it is `rate(...)` or `cron(...)`".to_owned()),
    }
}

fn of_rate(rate: &str, scheduler: bool) -> Option<String> {
    let expected = "a rate is a number and a unit: `rate(5 minutes)`";
    let mut words = rate.split(' ').filter(|word| !word.is_empty());
    let (Some(number), Some(unit), None) = (words.next(), words.next(), words.next()) else {
        return Some(expected.to_owned());
    };
    let number = number.parse::<u32>().ok().filter(|number| *number > 0);
    let (Some(number), Some(one)) =
        (number, ["minute", "hour", "day"].iter().find(|one| unit.trim_end_matches('s') == **one))
    else {
        return Some(expected.to_owned());
    };
    let many = format!("{one}s");
    if unit != *one && unit != many {
        return Some(expected.to_owned());
    }
    match (scheduler, number) {
        (true, _) => None,
        (false, 1) if unit != *one => Some(format!("1 takes the singular: `rate(1 {one})`")),
        (false, 2..) if unit != many => Some(format!("{number} takes the plural: `rate({number} {many})`")),
        _ => None,
    }
}

fn of_cron(cron: &str) -> Option<String> {
    // Whether a comma behind a field is taken is not documented.
    let fields = cron.split(' ').map(|field| field.trim_end_matches(','));
    let fields: Vec<&str> = fields.filter(|field| !field.is_empty()).collect();
    let [minutes, hours, day, month, weekday, year] = fields[..] else {
        return Some(format!(
            "`cron(...)` has six fields (minutes, hours, day, month, day of the week, year), not {}",
            fields.len()
        ));
    };
    match (day, weekday) {
        ("?", "?") => return Some("the day and the day of the week cannot both be `?`".to_owned()),
        ("?", _) | (_, "?") => {}
        _ => return Some("the day or the day of the week has to be `?`".to_owned()),
    }
    let bounds = [(minutes, "minutes", 59), (hours, "hours", 23), (day, "day", 31), (year, "year", 2199)];
    let too_large = bounds.into_iter().find(|(field, _, most)| {
        let numbers = field.split([',', '-', '/']).filter_map(|part| part.parse::<u32>().ok());
        numbers.max().is_some_and(|number| number > *most)
    });
    let allowed = |c: char| c.is_ascii_alphanumeric() || ",-*/?#".contains(c);
    match (too_large, [minutes, hours, day, month, weekday, year].iter().find(|field| !field.chars().all(allowed))) {
        (Some((field, name, most)), _) => Some(format!("`{field}` is no value for the {name}: at most {most}")),
        (None, Some(field)) => Some(format!("`{field}` is no value of a field")),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_judged_as_documented() {
        for (text, scheduler, right) in [
            ("rate(1 minute)", false, true),
            ("rate(5 minutes)", false, true),
            ("rate(1 days)", false, false),
            ("rate(2 day)", false, false),
            ("rate(1 hours)", true, true),
            ("rate(0 minutes)", false, false),
            ("rate(5 weeks)", false, false),
            ("rate(5)", false, false),
            ("rate(1.5 hours)", false, false),
            ("5 minutes", false, false),
            ("cron(0 12 * * ? *)", false, true),
            ("cron(0/15 8-17 ? * MON-FRI *)", false, true),
            ("cron(0 9 L * ? *)", false, true),
            ("cron(5, 0, 1, *, ?, *)", false, true),
            ("cron(0 9 ? * 2#1 2030)", false, true),
            ("cron(0 12 * * *)", false, false),
            ("cron(0 12 * * * *)", false, false),
            ("cron(0 12 ? * ? *)", false, false),
            ("cron(60 12 * * ? *)", false, false),
            ("cron(0 25 * * ? *)", false, false),
            ("at(2030-01-31T12:00:00)", true, true),
            ("at(2030-01-31)", true, false),
            ("at(2030-01-31T12:00:00)", false, false),
        ] {
            assert_eq!(problem(text, scheduler).is_none(), right, "{text} {:?}", problem(text, scheduler));
        }
    }
}
