//! Definitions that several benchmarks read.

/// A machine of so many states as machines are: calls, choices, results that are kept.
pub(crate) fn workflow(states: usize) -> String {
    machine(states, |at| match at % 4 {
        0 => format!(
            r#""S{at}": {{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "Parameters": {{"TableName": "Files", "KeyConditionExpression": "fileName = :name", "ExpressionAttributeValues": {{":name": {{"S.$": "$.detail.object.key"}}}}}}, "ResultPath": "$.found{}", "Next": "S{}"}}"#,
            at % 40,
            at + 1
        ),
        1 => format!(
            r#""S{at}": {{"Type": "Choice", "Choices": [{{"Variable": "$.found{}.Count", "NumericGreaterThan": {at}, "Next": "S{}"}}], "Default": "S{}"}}"#,
            (at - 1) % 40,
            at + 1,
            at + 2
        ),
        2 => format!(
            r#""S{at}": {{"Type": "Pass", "Parameters": {{"name.$": "States.Format('{{}}', $.detail.object.key)"}}, "ResultPath": "$.name{}", "Next": "S{}"}}"#,
            at % 40,
            at + 1
        ),
        _ => format!(
            r#""S{at}": {{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {{"TableName": "Files", "Key": {{"fileName": {{"S.$": "$.detail.object.key"}}}}, "UpdateExpression": "SET n = :n", "ConditionExpression": "attribute_exists(fileName)", "ExpressionAttributeValues": {{":n": {{"N": "{at}"}}}}}}, "ResultPath": null, "Next": "S{}"}}"#,
            at + 1
        ),
    })
}

/// A machine of so many states and an end.
pub(crate) fn machine(states: usize, state: impl Fn(usize) -> String) -> String {
    let end = [format!(r#""S{states}": {{"Type": "Succeed"}}"#)];
    let states: Vec<String> = (0..states).map(state).chain(end).collect();
    format!(r#"{{"StartAt": "S0", "States": {{{}}}}}"#, states.join(", "))
}
