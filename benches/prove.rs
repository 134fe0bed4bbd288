//! How long a proof takes, and how many schedules stand for how many: the committed stack's default workflow.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use bucketbook::loaded::load;
use bucketbook::prove::{
    Bounds, Deed, Explored, Question, Story, Verdict, histories, numbered_upload, prove, prove_one,
};
use bucketbook::simulate::stack::RunnableStack;
use divan::Bencher;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    against_naive();
    let without = Bounds { faults: Vec::new(), ..Bounds::default() };
    for (what, bounds) in [("no faults", without), ("one fault of any kind", Bounds::default())] {
        for events in [1, 2, 3] {
            let begun = Instant::now();
            let explored = explored(events, &bounds);
            let took = begun.elapsed().as_secs_f64();
            println!(
                "{events} events, each up to twice, {what}: {} schedules in {} states stand for at least {:.0}; {took:.2} s, {:.0} states a second",
                explored.schedules,
                explored.states,
                explored.ways,
                explored.states as f64 / took
            );
        }
    }
    divan::main();
}

/// Three executions of the flow that looks and then writes: each schedule by itself, and with those left out that are equivalent.
fn against_naive() {
    let stack = stack();
    let bucket = stack.buckets()[0].name.clone();
    let put = |deed: usize| Deed::Put {
        bucket: bucket.clone(),
        key: "photos/cat.jpg".to_owned(),
        object: numbered_upload(deed, 1000 + deed as u64),
    };
    let story = Story { deeds: (0..3).map(put).collect(), ..Story::default() };
    let question = Question { converges: true, ..Question::default() };
    let count = |naive: bool| {
        let bounds = Bounds { repeats: 0, faults: Vec::new(), naive, ..Bounds::default() };
        match prove_one(&stack, &story, &bounds, &question) {
            Ok((Verdict::Holds, explored)) => explored,
            _ => std::process::abort(),
        }
    };
    let (few, all) = (count(false), count(true));
    println!(
        "3 executions that look and then write: {} schedules, {} one by one: {:.0} times fewer; {} states, and {}",
        few.schedules,
        all.schedules,
        all.schedules as f64 / few.schedules as f64,
        few.states,
        all.states
    );
}

fn stack() -> Arc<RunnableStack> {
    let Ok(mut loaded) = load(&[Path::new("out/template.yaml").to_owned()]) else { std::process::abort() };
    match loaded.pop().map(|stack| RunnableStack::new(&stack)) {
        Some(Ok(stack)) => Arc::new(stack),
        _ => std::process::abort(),
    }
}

fn explored(events: usize, bounds: &Bounds) -> Explored {
    let stack = stack();
    let stories = histories(&stack, events, 1, &[]).stories;
    let question = Question { converges: true, ..Question::default() };
    match prove(&stack, &stories, bounds, &question, &|| ()) {
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
