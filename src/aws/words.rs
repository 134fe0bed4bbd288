//! Enums of words, made from one list of how AWS spells them.

/// An enum of words: each variant with how AWS spells it.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$of])* $variant,)*
        }

        impl $name {
            /// All words, in the order of their declaration.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            /// How each is spelled, in the same order.
            pub const WORDS: &[&str] = &[$($text),*];

            /// As AWS spells it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// What is spelled so, if anything is.
            pub fn of(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == text)
            }
        }
    };
}

pub(super) use words;
