use rayon::prelude::*;

/// Up to this many bytes of text, one thread reads sooner than several that have to be started first, above all on a machine with many cores.
const WORTH_IT: u64 = 256 << 10;

/// Does something to each of these, in parallel where they are several and have enough bytes together. The order is kept.
pub fn each<T: Send, R: Send>(items: Vec<T>, bytes: impl Fn(&T) -> u64, act: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    match items.len() > 1 && items.iter().map(bytes).sum::<u64>() > WORTH_IT {
        true => items.into_par_iter().map(act).collect(),
        false => items.into_iter().map(act).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_kept_either_way() {
        for bytes in [0, WORTH_IT] {
            let doubled = each((0..100).collect(), |_: &i32| bytes, |number| number * 2);
            assert_eq!(doubled, (0..100).map(|number| number * 2).collect::<Vec<_>>());
        }
    }
}
