use super::super::failure::Failure;
use super::super::output;
use super::args::Args;
use crate::diagnostic::Diagnostic;
use crate::simulate::services::dynamodb::DynamoDb;
use crate::simulate::services::{LocalServices, MockFile};
use crate::simulate::stack::RunnableStack;
use crate::source::{Fault, Source};

/// The services, with the stack's tables and buckets and what is mocked.
pub(super) fn services(args: &Args, stack: &RunnableStack) -> anyhow::Result<LocalServices> {
    let refused = |error: &dyn std::fmt::Display| Failure::new(Diagnostic::error(error.to_string()));
    let dynamodb = match &args.table_file {
        Some(path) => DynamoDb::open(path),
        None => DynamoDb::in_memory(),
    };
    let mut services = LocalServices::over(dynamodb.map_err(|error| refused(&error))?, args.seed);
    stack.furnish(&mut services).map_err(|error| refused(&error))?;
    if let (Some(path), Some(case)) = (&args.mock_config, &args.test_case) {
        let source = Source::read(path).map_err(Failure::spec)?;
        let file = MockFile::read(&source).map_err(|faults| {
            let mut faults = faults;
            let fault = faults.pop().unwrap_or_else(|| Fault::new("it cannot be read"));
            for fault in faults {
                let text = Diagnostic::fault(source.clone(), fault);
                output::complain(&text.render(crate::diagnostic::Format::Human, false));
            }
            Failure::spec((source.clone(), fault))
        })?;
        stack.mock(&mut services, &file, case).map_err(|message| Failure::new(Diagnostic::error(message)))?;
    }
    Ok(services)
}
