//! What one state machine costs, whatever else is in its stack.

use crate::loaded::LoadedStack;

use super::usage::MachineUsage;
use super::{CostError, Decimal, Design, Options, PriceId, PriceSheet, Usage, bill};

/// What a million executions of a state machine make and cost.
#[derive(Debug, Clone, PartialEq)]
pub struct MillionExecutions {
    /// The transitions that are billed; none of an EXPRESS workflow.
    pub transitions: Option<Decimal>,
    /// What the executions, their logs and their calls cost, in USD, at the price of the first tier.
    pub usd: Decimal,
}

/// What a million executions of a machine of a stack make and cost: the stack's other machines do not count, nor do the events that start it.
///
/// # Errors
/// There is no such machine, its definition cannot be run, or there are no prices for the region.
pub fn of_machine(
    stack: &LoadedStack,
    at: usize,
    options: &Options,
    sheet: &PriceSheet,
) -> Result<MillionExecutions, CostError> {
    let mut alone = stack.clone();
    alone.machines = alone.machines.into_iter().skip(at).take(1).collect();
    let design = Design::of(&alone);
    let usage = Usage::measure(&alone, &design, options)?;
    let bill = bill(&design, &usage, options, sheet)?;
    let executions = per_event(&usage, |machine| &machine.executions);
    if executions.is_zero() {
        return Err(CostError::NoMachine);
    }
    let million = |per_event: Decimal| (per_event * Decimal::from(1_000_000)).over(&executions);
    let express = design.machines.first().is_some_and(|machine| machine.express);
    let lines = bill.lines.iter().filter(|line| line.id != PriceId::OptInEvent);
    Ok(MillionExecutions {
        transitions: (!express).then(|| million(per_event(&usage, |machine| &machine.transitions))),
        usd: million(lines.map(super::Line::usd_per_event).sum()),
    })
}

/// What the machine makes of an event of the average kind.
fn per_event(usage: &Usage, of: impl Fn(&MachineUsage) -> &Decimal) -> Decimal {
    let kinds = usage.kinds.iter().map(|kind| {
        let sum: Decimal = kind.machines.iter().map(|machine| of(machine).clone()).sum();
        &sum * &kind.share
    });
    kinds.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_machine_has_its_own_price() {
        let state = "{Type: Pass, Next: B}, B: {Type: Succeed}";
        let machine = |kind: &str, states: &str| {
            format!(
                "{{Type: AWS::Serverless::StateMachine, Properties: {{Type: {kind}, Definition: {{StartAt: A, States: {{A: {states}}}}}}}}}"
            )
        };
        let template = format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  Two: {}\n  One: {}\n  Express: {}\n",
            machine("STANDARD", state),
            machine("STANDARD", "{Type: Succeed}"),
            machine("EXPRESS", state),
        );
        let stack = LoadedStack::from_text("t.yaml", template).unwrap();
        let of = |id: &str| {
            let at = stack.machines.iter().position(|machine| machine.logical_id.as_deref() == Some(id)).unwrap();
            of_machine(&stack, at, &Options::default(), &PriceSheet::built_in()).unwrap()
        };
        let (two, one, express) = (of("Two"), of("One"), of("Express"));
        assert_eq!(two.transitions, Some(Decimal::from(2_000_000)));
        assert_eq!(one.transitions, Some(Decimal::from(1_000_000)));
        // 25 USD for a million transitions: https://aws.amazon.com/step-functions/pricing/
        assert_eq!((two.usd, one.usd), (Decimal::from(50), Decimal::from(25)));
        assert_eq!(express.transitions, None);
        assert!(express.usd < Decimal::from(25));
        assert!(of_machine(&stack, 9, &Options::default(), &PriceSheet::built_in()).is_err());
    }
}
