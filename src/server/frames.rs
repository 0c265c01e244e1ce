//! Messages in a stream of bytes: the `Content-Length` framing of the Language Server Protocol, read forgivingly.

use std::io::{self, Read};

/// A header names at most this many bytes of body; a larger number is taken for a damaged header.
const MAX_BODY: usize = 64 << 20;
/// A line of a header has at most this many bytes.
const MAX_LINE: usize = 4 << 10;
const READ_AT_ONCE: usize = 64 << 10;
const LENGTH_FIELD: &[u8] = b"content-length:";

/// What the stream holds next.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    /// The body of a message.
    Body(Vec<u8>),
    /// Bytes that belong to no message, said once per damaged stretch.
    Garbage,
}

/// Reads frames from a stream.
///
/// A message starts wherever `Content-Length:` stands, in whatever case, other header fields before or after it. So a
/// damaged header or body costs no more than itself: reading goes on at the next `Content-Length:`.
#[derive(Debug)]
pub struct Frames<R> {
    source: R,
    chunk: Box<[u8]>,
    buffer: Vec<u8>,
    /// The bytes of `buffer` before this one are done with.
    at: usize,
    /// The present stretch of garbage has been reported.
    reported: bool,
}

impl<R: Read> Frames<R> {
    /// Frames from the start of `source`.
    pub fn new(source: R) -> Self {
        Self {
            source,
            chunk: vec![0; READ_AT_ONCE].into(),
            buffer: Vec::new(),
            at: 0,
            reported: false,
        }
    }

    /// The next frame; `None` at the end of the stream.
    ///
    /// # Errors
    ///
    /// If the stream cannot be read.
    pub fn next(&mut self) -> io::Result<Option<Frame>> {
        loop {
            self.forget_what_is_done();
            let Some(clean) = self.skip_to_length_field()? else {
                return Ok(None);
            };
            if !clean && !std::mem::replace(&mut self.reported, true) {
                return Ok(Some(Frame::Garbage));
            }
            self.at += LENGTH_FIELD.len();
            let Some(length) = self.finish_header()? else {
                if !std::mem::replace(&mut self.reported, true) {
                    return Ok(Some(Frame::Garbage));
                }
                continue;
            };
            while self.rest().len() < length {
                if !self.fill()? {
                    return Ok(None);
                }
            }
            self.reported = false;
            let body = self.rest()[..length].to_vec();
            self.at += length;
            return Ok(Some(Frame::Body(body)));
        }
    }

    /// Whether something behind the last frame has been read already.
    pub fn has_more(&self) -> bool {
        !self.rest().is_empty()
    }

    /// Takes note that `body`, the last frame, is damaged: its length was wrong. If the header of the next message
    /// stands inside it, reading goes on there, and the part before it is returned.
    pub fn damaged<'b>(&mut self, body: &'b [u8]) -> Option<&'b [u8]> {
        self.reported = true;
        let start = (1..body.len()).find(|&at| may_be_header(&body[at..]))?;
        let (damaged, next) = body.split_at(start);
        self.at -= next.len();
        Some(damaged)
    }

    /// Goes to the next `Content-Length:` and says whether only header lines were on the way; `None` at the end.
    fn skip_to_length_field(&mut self) -> io::Result<Option<bool>> {
        let mut clean = true;
        let mut scanned = 0;
        loop {
            let rest = self.rest();
            let found = (scanned..rest.len()).find(|&at| starts_with_length_field(&rest[at..]));
            if let Some(found) = found {
                clean &= is_header_start(&rest[..found]);
                self.at += found;
                return Ok(Some(clean));
            }
            // The field's first bytes may have arrived already.
            scanned = rest.len().saturating_sub(LENGTH_FIELD.len() - 1);
            if scanned > MAX_LINE {
                clean = false;
                self.at += scanned;
                self.forget_what_is_done();
                scanned = 0;
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Reads the number and the rest of the header; `None` if the number is none or the header does not end.
    fn finish_header(&mut self) -> io::Result<Option<usize>> {
        let number = self.line()?;
        let length = number
            .and_then(|line| String::from_utf8(line).ok())
            .and_then(|line| line.trim().parse().ok())
            .filter(|length| *length <= MAX_BODY);
        let Some(length) = length else {
            return Ok(None);
        };
        loop {
            let before = self.at;
            match self.line()? {
                Some(line) if line.is_empty() => return Ok(Some(length)),
                Some(line) if is_header_field(&line) && !starts_with_length_field(&line) => {}
                _ => {
                    self.at = before;
                    return Ok(None);
                }
            }
        }
    }

    /// The next line without its break; `None` if it is too long or the stream ends.
    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Some(end) = self.rest().iter().position(|byte| *byte == b'\n') {
                let mut line = self.rest()[..end].to_vec();
                self.at += end + 1;
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(Some(line));
            }
            if self.rest().len() > MAX_LINE || !self.fill()? {
                return Ok(None);
            }
        }
    }

    fn rest(&self) -> &[u8] {
        &self.buffer[self.at..]
    }

    /// Reads more bytes; false at the end of the stream.
    fn fill(&mut self) -> io::Result<bool> {
        loop {
            match self.source.read(&mut self.chunk) {
                Ok(read) => {
                    self.buffer.extend_from_slice(&self.chunk[..read]);
                    return Ok(read > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn forget_what_is_done(&mut self) {
        self.buffer.drain(..self.at);
        self.at = 0;
    }
}

/// The parts of a body as a message.
pub fn framed(body: &[&str]) -> Vec<u8> {
    let length: usize = body.iter().map(|part| part.len()).sum();
    let mut message = Vec::with_capacity(length + 40);
    message.extend_from_slice(format!("Content-Length: {length}\r\n\r\n").as_bytes());
    for part in body {
        message.extend_from_slice(part.as_bytes());
    }
    message
}

fn starts_with_length_field(bytes: &[u8]) -> bool {
    bytes
        .get(..LENGTH_FIELD.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(LENGTH_FIELD))
}

/// Whether the header of a message may start here; the bytes may end in the middle of it.
fn may_be_header(bytes: &[u8]) -> bool {
    let Some(value) = bytes.get(LENGTH_FIELD.len()..) else {
        return LENGTH_FIELD[..bytes.len()].eq_ignore_ascii_case(bytes);
    };
    // A line break cannot stand inside a JSON string, so the words of a text that is being edited do not match.
    let after_number = value.iter().find(|b| !matches!(b, b' ' | b'0'..=b'9'));
    starts_with_length_field(bytes) && after_number.is_none_or(|byte| matches!(byte, b'\r' | b'\n'))
}

/// Whether these are complete lines, each one empty or a header field.
fn is_header_start(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    lines.next_back().is_none_or(<[u8]>::is_empty)
        && lines.all(|line| {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            line.is_empty() || is_header_field(line)
        })
}

fn is_header_field(line: &[u8]) -> bool {
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    name.len() < line.len()
        && !name.is_empty()
        && name
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream that hands out few bytes at a time.
    struct Trickle<'a>(&'a [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let some = self.0.len().min(self.1).min(buffer.len());
            let (now, later) = self.0.split_at(some);
            buffer[..some].copy_from_slice(now);
            self.0 = later;
            Ok(some)
        }
    }

    /// The frames of a stream, as text, `!` for garbage; the same however the bytes are cut.
    fn frames(stream: &str) -> Vec<String> {
        let read = |at_once| {
            let mut frames = Frames::new(Trickle(stream.as_bytes(), at_once));
            let mut found = Vec::new();
            while let Some(frame) = frames.next().unwrap() {
                found.push(match frame {
                    Frame::Garbage => "!".to_owned(),
                    Frame::Body(body) => String::from_utf8(body).unwrap(),
                });
            }
            found
        };
        let whole = read(usize::MAX);
        for at_once in [1, 2, 7] {
            assert_eq!(read(at_once), whole, "read {at_once} bytes at a time");
        }
        whole
    }

    #[test]
    fn a_header_may_be_in_any_case_and_have_other_fields() {
        assert_eq!(
            frames(
                "content-length: 2\r\n\r\n{}Content-Type: a; charset=utf-8\r\nCONTENT-LENGTH:2\r\nX-Other: 1\r\n\r\n[]"
            ),
            ["{}", "[]"]
        );
    }

    #[test]
    fn lines_may_end_with_a_line_feed_alone() {
        assert_eq!(frames("Content-Length: 2\n\n{}"), ["{}"]);
    }

    #[test]
    fn a_header_that_makes_no_sense_is_skipped() {
        for bad in [
            "Content-Length: x\r\n\r\n{}",
            "Content-Length: -1\r\n\r\n{}",
            "Content-Length: 99999999999\r\n\r\n{}",
            "Content-Length 2\r\n\r\n{}",
            "Length: 2\r\n\r\n{}",
            "Content-Length: 2\r\n:\r\n\r\n{}",
            "garbage\r\n",
            "garbage",
        ] {
            assert_eq!(
                frames(&format!("{bad}Content-Length: 2\r\n\r\n[]")),
                ["!", "[]"],
                "{bad}"
            );
        }
    }

    #[test]
    fn a_header_without_end_is_skipped() {
        let endless = "x".repeat(100_000);
        assert_eq!(
            frames(&format!("{endless}Content-Length: 2\r\n\r\n[]")),
            ["!", "[]"]
        );
    }

    #[test]
    fn an_unfinished_message_at_the_end_is_dropped() {
        assert!(frames("Content-Length: 9\r\n\r\n{}").is_empty());
        assert!(frames("Content-Le").is_empty());
    }

    #[test]
    fn a_body_that_is_too_long_gives_the_next_header_back() {
        for length in 3..24 {
            let stream =
                format!("Content-Length: {length}\r\n\r\n{{}}Content-Length: 3\r\n\r\n[1]tail");
            let mut frames = Frames::new(Trickle(stream.as_bytes(), 5));
            let Some(Frame::Body(body)) = frames.next().unwrap() else {
                panic!("no body");
            };
            assert_eq!(frames.damaged(&body), Some(&b"{}"[..]), "{length}");
            assert_eq!(frames.next().unwrap(), Some(Frame::Body(b"[1]".to_vec())));
        }
    }

    #[test]
    fn the_rest_of_a_body_that_was_too_short_is_skipped_silently() {
        let stream = "Content-Length: 1\r\n\r\n{}Content-Length: 3\r\n\r\n[1]";
        let mut frames = Frames::new(stream.as_bytes());
        let Some(Frame::Body(body)) = frames.next().unwrap() else {
            panic!("no body");
        };
        assert_eq!(frames.damaged(&body), None);
        assert_eq!(frames.next().unwrap(), Some(Frame::Body(b"[1]".to_vec())));
    }
}
