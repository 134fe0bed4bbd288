//! IP addresses and blocks of them, read as EventBridge reads them.

use std::net::IpAddr;

use thiserror::Error;

/// Why a text is no [CIDR block](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-ip-matching)
/// that a pattern can have. The messages are those of EventBridge.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CidrError {
    /// It is not an address and a length.
    #[error("Malformed CIDR, one '/' required")]
    Slashes,
    /// The length is no whole number.
    #[error("Malformed CIDR, mask bits must be an integer")]
    MaskNotInteger,
    /// The length is negative.
    #[error("Malformed CIDR, mask bits must not be negative")]
    MaskNegative,
    /// The address looks like neither IPv4 nor IPv6.
    #[error("Nonstandard IP address: {0}")]
    Nonstandard(String),
    /// The address looks like one and is none.
    #[error("Invalid IP address: {0}")]
    Invalid(String),
    /// A block of one IPv4 address, or a length beyond that.
    #[error("IPv4 mask bits must be < 32")]
    MaskTooLongV4,
    /// A block of one IPv6 address, or a length beyond that.
    #[error("IPv6 mask bits must be < 128")]
    MaskTooLongV6,
}

/// An address, as bits that are aligned to the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Address {
    bits: u128,
    /// It has 32 bits rather than 128.
    v4: bool,
}

/// A block of addresses: those that share its leading bits. One address is a block, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Block {
    network: Address,
    mask: u32,
}

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self { bits: u128::from(address.to_bits()) << 96, v4: true },
            IpAddr::V6(address) => Self { bits: address.to_bits(), v4: false },
        }
    }
}

impl Address {
    /// The bits without all but the leading ones.
    pub(super) fn leading(self, mask: u32) -> u128 {
        self.bits & !u128::MAX.checked_shr(mask).unwrap_or(0)
    }
}

impl Block {
    pub(super) fn parse(text: &str) -> Result<Self, CidrError> {
        let (address, mask) = text.trim_end_matches('/').split_once('/').ok_or(CidrError::Slashes)?;
        if mask.contains('/') {
            return Err(CidrError::Slashes);
        }
        let mask: i32 = mask.parse().map_err(|_| CidrError::MaskNotInteger)?;
        let mask = u32::try_from(mask).map_err(|_| CidrError::MaskNegative)?;
        if !looks_like_address(address) {
            return Err(CidrError::Nonstandard(address.to_owned()));
        }
        let address = parse_address(address).ok_or_else(|| CidrError::Invalid(address.to_owned()))?;
        match address.v4 {
            true if mask > 31 => Err(CidrError::MaskTooLongV4),
            false if mask > 127 => Err(CidrError::MaskTooLongV6),
            v4 => Ok(Self { network: Address { bits: address.leading(mask), v4 }, mask }),
        }
    }

    /// The block of one address.
    pub(super) fn single(address: Address) -> Self {
        Self { network: address, mask: if address.v4 { 32 } else { 128 } }
    }

    /// Whether an address is in the block. EventBridge compares the digits of both from the left and stops as soon as it
    /// knows, so where one is IPv4 and the other IPv6 the first 32 bits decide, unless they are those that the block begins
    /// or ends with.
    pub(super) fn contains(&self, address: Address) -> bool {
        let inside = address.leading(self.mask) == self.network.bits;
        if self.network.v4 || !address.v4 {
            return inside;
        }
        let last = self.network.bits | u128::MAX.checked_shr(self.mask).unwrap_or(0);
        inside
            && address.bits != Address { bits: self.network.bits, v4: true }.leading(32)
            && address.bits != Address { bits: last, v4: true }.leading(32)
    }

    /// How many leading bits its addresses share.
    pub(super) fn mask(&self) -> u32 {
        self.mask
    }

    /// The bits that they share.
    pub(super) fn bits(&self) -> u128 {
        self.network.bits
    }
}

/// Whether a text has the shape of an address: four numbers, or hexadecimal digits and colons.
fn looks_like_address(text: &str) -> bool {
    let numbers = || text.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let v4 = text.split('.').count() == 4 && numbers();
    v4 || text.contains(':') && text.bytes().all(|byte| byte == b':' || byte.is_ascii_hexdigit())
}

/// The address that a text spells. Leading zeros mean nothing, and an IPv4 address in IPv6 form (`::ffff:a00:1`) is the
/// IPv4 address.
pub(super) fn parse_address(text: &str) -> Option<Address> {
    if !looks_like_address(text) {
        return None;
    }
    if text.contains(':') { parse_v6(text) } else { parse_v4(text) }.map(Address::from)
}

fn parse_v4(text: &str) -> Option<IpAddr> {
    if text.len() > 15 {
        return None;
    }
    let mut octets = [0; 4];
    for (octet, part) in octets.iter_mut().zip(text.split('.')) {
        *octet = significant(part)?.parse().ok()?;
    }
    Some(IpAddr::from(octets))
}

fn parse_v6(text: &str) -> Option<IpAddr> {
    let groups = match text.split_once("::") {
        None => groups(text)?,
        Some((head, tail)) => {
            let (mut all, tail) = (groups(head)?, groups(tail)?);
            // Two colons stand for at least one group of zeros.
            let missing = 8_usize.checked_sub(all.len() + tail.len()).filter(|count| *count > 0)?;
            all.extend(std::iter::repeat_n(0, missing));
            all.extend(tail);
            all
        }
    };
    let groups: [u16; 8] = groups.try_into().ok()?;
    Some(IpAddr::from(groups))
}

fn groups(text: &str) -> Option<Vec<u16>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    text.split(':').map(|group| u16::from_str_radix(significant(group)?, 16).ok()).collect()
}

/// Digits without the zeros that lead them.
fn significant(digits: &str) -> Option<&str> {
    let trimmed = digits.trim_start_matches('0');
    if trimmed.is_empty() && !digits.is_empty() { Some("0") } else { Some(trimmed).filter(|text| !text.is_empty()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_equal() {
        for (a, b) in [
            ("10.0.0.15", "010.000.0.15"),
            ("::1", "0:0:0:0:0:0:0:0001"),
            ("2001:DB8::1", "2001:0db8:0:0:0:0:0:00001"),
            ("::ffff:a00:1", "10.0.0.1"),
            ("1::", "1:0:0:0:0:0:0:0"),
        ] {
            assert_eq!(parse_address(a).unwrap(), parse_address(b).unwrap(), "{a} {b}");
        }
        for text in [
            "",
            ":",
            ":::",
            "::1::",
            "1:2",
            "1:2:3:4:5:6:7:8:9",
            "1:2:3:4::5:6:7:8",
            "1:",
            ":1",
            "12345::",
            "10.0.0",
            "10.0.0.256",
            "10.0.0.0000000001",
            "a.b.c.d",
            "+1.0.0.1",
        ] {
            assert_eq!(parse_address(text), None, "{text}");
        }
    }

    #[test]
    fn a_block_is_what_shares_its_leading_bits() {
        for (block, inside, outside) in [
            ("10.0.0.0/24", "10.0.0.255", "10.0.1.0"),
            ("10.0.0.5/24", "10.0.0.4", "10.0.1.5"),
            ("10.0.0.5/31", "10.0.0.4", "10.0.0.6"),
            ("2001:db8::/0", "10.0.0.1", "255.255.255.255"),
            ("2001:db8::/32", "2001:db8:ffff::", "2001:db9::"),
        ] {
            let block = Block::parse(block).unwrap();
            assert!(block.contains(parse_address(inside).unwrap()), "{inside}");
            assert!(!block.contains(parse_address(outside).unwrap()), "{outside}");
        }
    }

    #[test]
    fn what_is_no_block_and_why() {
        for (text, error) in [
            ("10.0.0.0", "Malformed CIDR, one '/' required"),
            ("10.0.0.0/8/1", "Malformed CIDR, one '/' required"),
            ("10.0.0.0/x", "Malformed CIDR, mask bits must be an integer"),
            ("10.0.0.0/-1", "Malformed CIDR, mask bits must not be negative"),
            ("localhost/8", "Nonstandard IP address: localhost"),
            ("/8", "Nonstandard IP address: "),
            (":::/8", "Invalid IP address: :::"),
            ("10.0.0.1/32", "IPv4 mask bits must be < 32"),
            ("::1/128", "IPv6 mask bits must be < 128"),
        ] {
            assert_eq!(Block::parse(text).unwrap_err().to_string(), error, "{text}");
        }
    }
}
