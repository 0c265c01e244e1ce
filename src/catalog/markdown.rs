//! The top-level blocks of a Markdown text, with the lines they stand on.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// A top-level block.
#[derive(Debug)]
pub(super) struct Block {
    /// What it is.
    pub(super) kind: BlockKind,
    /// Where it stands in the text, in bytes.
    pub(super) range: Range<usize>,
    /// The file line on which it starts.
    pub(super) line: u32,
}

/// What a top-level block is.
#[derive(Debug)]
pub(super) enum BlockKind {
    /// A heading with its level, and its text as written.
    Heading(u8, String),
    /// A fenced block.
    Fence(Fence),
    /// A list with its items.
    List(Vec<Item>),
    /// Anything else.
    Prose,
}

/// A fenced block.
#[derive(Debug, Clone)]
pub(super) struct Fence {
    /// The words after the opening fence.
    pub(super) info: String,
    /// What stands between the fences.
    pub(super) text: String,
    /// Whether there is a closing fence.
    pub(super) closed: bool,
}

/// An item of a top-level list.
#[derive(Debug)]
pub(super) struct Item {
    /// Its text on one line, as written.
    pub(super) text: String,
    /// The file line on which it starts.
    pub(super) line: u32,
    /// Whether it holds more than a paragraph.
    pub(super) nested: bool,
}

/// A text cut into its blocks.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// The top-level blocks in order.
    pub(super) blocks: Vec<Block>,
    /// Every link with its address and the file line it stands on.
    pub(super) links: Vec<(String, u32)>,
    /// The file lines of fenced blocks inside lists and quotations.
    pub(super) nested_fences: Vec<u32>,
}

/// Finds lines by byte offset.
pub(super) struct Lines {
    starts: Vec<usize>,
    first: u32,
}

impl Lines {
    /// For a text whose first line is line `first` of the file.
    pub(super) fn new(text: &str, first: u32) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|index| index + 1);
        Self {
            starts: std::iter::once(0).chain(breaks).collect(),
            first,
        }
    }

    /// The file line of a byte offset.
    pub(super) fn at(&self, offset: usize) -> u32 {
        let line = self
            .starts
            .partition_point(|&start| start <= offset)
            .saturating_sub(1);
        self.first
            .saturating_add(u32::try_from(line).unwrap_or(u32::MAX))
    }
}

/// Cuts `text`, whose first line is line `first_line` of the file, into blocks.
pub(super) fn outline(text: &str, first_line: u32) -> Outline {
    let lines = Lines::new(text, first_line);
    let mut outline = Outline::default();
    let mut depth = 0_usize;
    let mut code: Option<(String, String)> = None;
    let mut items: Vec<Item> = Vec::new();
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                if let Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } = &tag {
                    outline
                        .links
                        .push((dest_url.to_string(), lines.at(range.start)));
                }
                match (&tag, depth) {
                    (Tag::CodeBlock(CodeBlockKind::Fenced(info)), 0) => {
                        code = Some((info.to_string(), String::new()));
                    }
                    (Tag::CodeBlock(CodeBlockKind::Fenced(_)), _) => {
                        outline.nested_fences.push(lines.at(range.start));
                    }
                    (Tag::Item, 1) => items.push(item(text, range, &lines)),
                    _ => {}
                }
                if depth >= 2
                    && is_block(&tag)
                    && let Some(item) = items.last_mut()
                {
                    item.nested = true;
                }
                depth += 1;
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    let line = lines.at(range.start);
                    let kind = match tag {
                        TagEnd::Heading(level) => {
                            BlockKind::Heading(level as u8, heading_text(text, range.clone()))
                        }
                        TagEnd::CodeBlock => match code.take() {
                            Some((info, code)) => BlockKind::Fence(Fence {
                                info,
                                text: code,
                                closed: is_closed(text.get(range.clone()).unwrap_or_default()),
                            }),
                            None => BlockKind::Prose,
                        },
                        TagEnd::List(_) => BlockKind::List(std::mem::take(&mut items)),
                        _ => BlockKind::Prose,
                    };
                    outline.blocks.push(Block { kind, range, line });
                }
            }
            Event::Text(part) => {
                if let Some((_, code)) = &mut code {
                    code.push_str(&part);
                }
            }
            Event::Rule if depth == 0 => {
                let line = lines.at(range.start);
                outline.blocks.push(Block {
                    kind: BlockKind::Prose,
                    range,
                    line,
                });
            }
            _ => {}
        }
    }
    outline
}

fn is_block(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::List(_)
            | Tag::CodeBlock(_)
            | Tag::BlockQuote(_)
            | Tag::Heading { .. }
            | Tag::HtmlBlock
    )
}

fn item(text: &str, range: Range<usize>, lines: &Lines) -> Item {
    let line = lines.at(range.start);
    let raw = text.get(range).unwrap_or_default().trim();
    let marker_end = raw.find(char::is_whitespace).unwrap_or(raw.len());
    let words: Vec<&str> = raw
        .get(marker_end..)
        .unwrap_or_default()
        .lines()
        .map(str::trim)
        .collect();
    Item {
        text: words.join(" ").trim().to_owned(),
        line,
        nested: false,
    }
}

fn heading_text(text: &str, range: Range<usize>) -> String {
    let first_line = text
        .get(range)
        .unwrap_or_default()
        .lines()
        .next()
        .unwrap_or_default();
    first_line.trim().trim_start_matches('#').trim().to_owned()
}

fn is_closed(block: &str) -> bool {
    let opening = block.trim_start();
    let fence: String = opening
        .chars()
        .take_while(|c| matches!(c, '`' | '~'))
        .collect();
    let mut lines = block.trim_end().lines();
    let first = lines.next();
    first.is_some()
        && lines
            .next_back()
            .is_some_and(|last| last.trim().starts_with(&fence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_know_their_lines_and_texts() {
        let text = "# Title `x`\n\nProse [l](https://a.b).\n\n- one\n  more\n- two\n\n```python match\nx = 1\n```\n";
        let outline = outline(text, 10);
        let shapes: Vec<(u32, String)> = outline
            .blocks
            .iter()
            .map(|block| {
                let shape = match &block.kind {
                    BlockKind::Heading(level, text) => format!("h{level} {text}"),
                    BlockKind::Fence(fence) => {
                        format!("{} {:?} {}", fence.info, fence.text, fence.closed)
                    }
                    BlockKind::List(items) => items
                        .iter()
                        .map(|i| i.text.as_str())
                        .collect::<Vec<_>>()
                        .join("|"),
                    BlockKind::Prose => "prose".to_owned(),
                };
                (block.line, shape)
            })
            .collect();
        assert_eq!(
            shapes,
            [
                (10, "h1 Title `x`".to_owned()),
                (12, "prose".to_owned()),
                (14, "one more|two".to_owned()),
                (18, "python match \"x = 1\\n\" true".to_owned()),
            ]
        );
        assert_eq!(outline.links, [("https://a.b".to_owned(), 12)]);
    }

    #[test]
    fn an_open_fence_is_noticed() {
        let outline = outline("```python\nx = 1\n", 1);
        assert!(matches!(&outline.blocks[0].kind, BlockKind::Fence(fence) if !fence.closed));
    }
}
