//! How long a proof takes, and how many schedules stand for how many: the committed stack's default workflow.

use std::path::Path;
use std::sync::Arc;

use bucketbook::loaded::load;
use bucketbook::prove::{Bounds, Explored, Question, Verdict, histories, prove};
use bucketbook::simulate::stack::LocalStack;
use divan::Bencher;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let without = Bounds { faults: Vec::new(), ..Bounds::default() };
    for (what, bounds) in [("no faults", without), ("one fault of any kind", Bounds::default())] {
        for events in [1, 2, 3] {
            let explored = explored(events, &bounds);
            println!(
                "{events} events, each up to twice, {what}: {} schedules in {} states stand for at least {:.0}",
                explored.schedules, explored.states, explored.ways
            );
        }
    }
    divan::main();
}

fn stack() -> Arc<LocalStack> {
    let Ok(mut loaded) = load(&[Path::new("out/template.yaml").to_owned()]) else { std::process::abort() };
    match loaded.pop().map(|stack| LocalStack::new(&stack)) {
        Some(Ok(stack)) => Arc::new(stack),
        _ => std::process::abort(),
    }
}

fn explored(events: usize, bounds: &Bounds) -> Explored {
    let stack = stack();
    let stories = histories(&stack, events, 1, &[]).stories;
    let question = Question { converges: true, judge: None };
    match prove(&stack, &stories, bounds, &question, &|_| ()) {
        Ok(proof) if matches!(proof.verdict, Verdict::Holds) => proof.explored,
        _ => std::process::abort(),
    }
}

/// Three events, each up to twice, one fault of any kind: the goal is under two seconds.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn three_events_with_faults(bencher: Bencher<'_, '_>) {
    bencher.bench(|| explored(3, &Bounds::default()));
}

/// The same without faults.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn three_events(bencher: Bencher<'_, '_>) {
    bencher.bench(|| explored(3, &Bounds { faults: Vec::new(), ..Bounds::default() }));
}
