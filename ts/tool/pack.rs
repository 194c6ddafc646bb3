//! Deflates what it reads, for the paste-in file: tighter than zlib at its best, which would take 1.6 KB more of the file.

use std::io::{self, Read, Write};

fn main() -> io::Result<()> {
    let (mut data, mut packed) = (Vec::new(), Vec::new());
    io::stdin().read_to_end(&mut data)?;
    zopfli::compress(zopfli::Options::default(), zopfli::Format::Deflate, data.as_slice(), &mut packed)?;
    io::stdout().write_all(&packed)
}
