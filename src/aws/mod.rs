//! What AWS has and how it spells it: the words that every other room shares.

pub mod needs;
