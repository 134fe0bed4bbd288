//! The pictures of others' workflows, looked at by their rectangles.

use std::path::Path;

use bucketbook::asl::program::Program;
use bucketbook::graph::{Trace, layout, workflow};
use bucketbook::loaded::load;

use super::common_pictures::faults;
use super::table::Table;

/// How many workflows there are in the corpus, and how many lines cross in all of them together: a figure that only goes down.
const KNOWN: (usize, usize) = (79, 11);

/// Draws every workflow of a folder. One that no `Program` can be made of is passed over.
pub(crate) fn drawn(folder: &str) -> Result<Table, String> {
    let mut table = Table::default();
    let (mut crossings, mut machines) = (0, 0);
    let stacks = load(&[Path::new(folder).to_owned()]).map_err(|error| error.to_string())?;
    for stack in &stacks {
        for machine in &stack.machines {
            let Some(Ok(program)) = machine.definition().map(|value| Program::read(&value)) else { continue };
            let path = &stack.documents[0].path;
            let id = format!("{} {}", path.strip_prefix(folder).unwrap_or(path).display(), machine.name);
            let mut diagram = workflow(&machine.name, &program);
            for painted in [false, true] {
                if painted {
                    // One execution through the first state: a tally where there was none.
                    let state = &program[program.top().start_at].name;
                    let details = serde_json::json!({ "name": state });
                    let event = |id: u64, kind: &str| serde_json::json!({"id": id, "type": kind, "stateEnteredEventDetails": details});
                    let history =
                        serde_json::json!({"events": [event(1, "ExecutionStarted"), event(2, "StateEntered")]});
                    let trace = Trace::read(&history.to_string()).map_err(|error| error.to_string())?;
                    trace.paint(&mut diagram, None).map_err(|error| error.to_string())?;
                }
                let layout = layout(&diagram);
                let found = faults(&diagram, &layout);
                for (aspect, found) in
                    [("boxes", found.boxes), ("texts", found.texts), ("labels", found.labels), ("edges", found.edges)]
                {
                    table.count("layout", aspect, &id, (!found.is_empty()).then(|| found.join("; ")));
                }
                crossings += if painted { 0 } else { layout.crossings };
            }
            machines += 1;
        }
    }
    println!("{crossings} crossings in {machines} workflows");
    // In other workflows than those, as many lines as in one of two may cross.
    let most = if machines == KNOWN.0 { KNOWN.1 } else { machines / 2 };
    let more = (crossings > most).then(|| format!("{crossings}, and {most} were enough before"));
    table.count("crossings", "crossings", "all", more);
    Ok(table)
}
