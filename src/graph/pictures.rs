//! The pictures that belong to a generated stack.

use super::{SvgOptions, architecture, svg, workflow};
use crate::asl::program::Program;
use crate::loaded::LoadedStack;
use crate::stack::{GeneratedFile, comment_line};

/// The folder of pictures, in the output directory.
const FOLDER: &str = "pictures";

/// The pictures of a generated stack, as files beside it: its architecture, and a workflow for each definition, named after
/// that. The files are those that the stack was rendered to.
pub fn pictures(files: &[GeneratedFile]) -> Vec<GeneratedFile> {
    let of_interest = |file: &&GeneratedFile| file.path.ends_with(".asl.json");
    let others = files.iter().filter(of_interest).map(|file| (file.path.as_str(), file.text.as_str()));
    let Some(template) = files.iter().find(|file| file.path == "template.yaml") else { return Vec::new() };
    let Ok(stack) = LoadedStack::from_texts((&template.path, &template.text), others) else { return Vec::new() };
    let options = SvgOptions { comment: Some(comment_line()), ..SvgOptions::default() };
    let mut pictures =
        vec![GeneratedFile { path: format!("{FOLDER}/architecture.svg"), text: svg(&architecture(&stack), &options) }];
    for machine in &stack.machines {
        let (Some(definition), Some(value)) = (&machine.definition, machine.definition()) else { continue };
        let path = stack.documents.get(definition.document).map(|document| document.path.display().to_string());
        let stem = path.as_deref().and_then(|path| path.strip_prefix("definitions/")?.strip_suffix(".asl.json"));
        if let (Some(stem), Ok(program)) = (stem, Program::read(&value)) {
            let diagram = workflow(machine.logical_id.as_deref().unwrap_or(&machine.name), &program);
            pictures.push(GeneratedFile { path: format!("{FOLDER}/{stem}.svg"), text: svg(&diagram, &options) });
        }
    }
    pictures
}
