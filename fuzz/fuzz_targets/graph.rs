//! Any text as a definition or a template, drawn in every format, and as the trace that is painted on it.
#![no_main]

use bucketbook::asl::program::Program;
use bucketbook::graph::{self, Diagram, SvgOptions, Trace};
use bucketbook::loaded::{LoadedStack, MachineType};
use libfuzzer_sys::fuzz_target;

fn draw(diagram: &Diagram) {
    graph::svg(diagram, &SvgOptions::default());
    graph::mermaid(diagram);
    graph::dot(diagram);
    graph::text(diagram);
}

fuzz_target!(|text: &str| {
    let definition = LoadedStack::from_definition("x.asl.json", text, MachineType::Standard);
    let template = LoadedStack::from_text("x.yaml", text).unwrap_or_else(|stack| *stack);
    let trace = Trace::read(text).ok();
    for stack in [definition, template] {
        draw(&graph::architecture(&stack));
        for machine in &stack.machines {
            let Some(program) = machine.definition().and_then(|value| Program::read(&value).ok()) else { continue };
            let mut diagram = graph::workflow(&machine.name, &program);
            if let Some(trace) = &trace {
                let _ = trace.paint(&mut diagram, None);
            }
            draw(&diagram);
        }
    }
});
