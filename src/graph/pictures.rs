//! The pictures that belong to a generated stack.

use indexmap::IndexMap;

use super::{Diagram, SvgOptions, architecture, svg, workflow};
use crate::asl::program::Program;
use crate::loaded::{LoadedMachine, LoadedStack};
use crate::stack::{GeneratedFile, comment_line};

/// The folder of pictures, in the output directory.
const FOLDER: &str = "pictures";

/// The pictures of a generated stack, as files beside it: its architecture, and a workflow for each definition, named after
/// that, with the names of all state machines that it belongs to. The files are those that the stack was rendered to.
pub fn pictures(files: &[GeneratedFile]) -> Vec<GeneratedFile> {
    let stack = LoadedStack::from_rendered(files.iter().map(|file| (file.path.as_str(), file.text.as_str())));
    let options = SvgOptions { comment: Some(comment_line()), ..SvgOptions::default() };
    let picture = |stem: &str, diagram: &Diagram| GeneratedFile {
        path: format!("{FOLDER}/{stem}.svg"),
        text: svg(diagram, &options),
    };
    let mut pictures = vec![picture("architecture", &architecture(&stack))];
    for (stem, machines) in by_definition(&stack) {
        let Some(Ok(program)) = machines.first().and_then(|machine| machine.definition()).map(|it| Program::read(&it))
        else {
            continue;
        };
        let names: Vec<&str> =
            machines.iter().map(|machine| machine.logical_id.as_deref().unwrap_or(&machine.name)).collect();
        pictures.push(picture(&stem, &workflow(&names.join(", "), &program)));
    }
    pictures
}

/// The state machines of each definition, by the name of its file without the endings.
fn by_definition(stack: &LoadedStack) -> IndexMap<String, Vec<&LoadedMachine>> {
    let mut found: IndexMap<String, Vec<&LoadedMachine>> = IndexMap::new();
    for machine in &stack.machines {
        let document = machine.definition.as_ref().and_then(|definition| stack.documents.get(definition.document));
        let path = document.map(|document| document.path.display().to_string()).unwrap_or_default();
        let stem = path.strip_prefix("definitions/").and_then(|name| name.strip_suffix(".asl.json"));
        if let Some(stem) = stem {
            found.entry(stem.to_owned()).or_default().push(machine);
        }
    }
    found
}
