//! Simple statements.

use super::kinds::{Field, Kind};
use super::parser::Parser;

/// Names that tree-sitter-python takes for the beginnings of statements of their own where they can be.
const SOFT_KEYWORDS: [&[u8]; 4] = [b"exec", b"match", b"print", b"type"];

impl Parser<'_> {
    /// A whole text.
    pub fn module(&mut self) -> Option<()> {
        while self.token != Kind::End {
            self.statement()?;
        }
        self.mark();
        let first = self.buffers.nodes.first();
        let start = first.map_or(self.text.len(), |first| first.start as usize);
        self.finish_at(Kind::Module, 0, start, self.text.len());
        Some(())
    }

    /// The statements of one line and the comment behind them.
    pub fn simple_statements(&mut self) -> Option<()> {
        loop {
            self.simple_statement()?;
            if self.token == Kind::Semicolon {
                self.bump()?;
            } else if self.token != Kind::Newline {
                return None;
            }
            if self.token == Kind::Newline {
                self.mark();
                return Some(());
            }
        }
    }

    fn simple_statement(&mut self) -> Option<()> {
        (self.splats, self.ambiguous) = (0, false);
        let mark = self.mark();
        let kind = match self.token {
            Kind::Return => {
                self.bump()?;
                if !self.at_end() {
                    self.expression_list()?;
                }
                Kind::ReturnStatement
            }
            Kind::Import => {
                self.bump()?;
                self.import_list()?;
                Kind::ImportStatement
            }
            Kind::From => self.import_from()?,
            Kind::Raise => {
                self.bump()?;
                if !self.at_end() {
                    self.expression_list()?;
                    if self.token == Kind::From {
                        self.bump()?;
                        self.expression()?;
                        self.field(Field::Cause);
                    }
                }
                Kind::RaiseStatement
            }
            Kind::Assert => {
                self.bump()?;
                self.expression()?;
                while self.token == Kind::Comma {
                    self.bump()?;
                    self.expression()?;
                }
                Kind::AssertStatement
            }
            Kind::Del => {
                self.bump()?;
                self.expression_list()?;
                Kind::DeleteStatement
            }
            Kind::Pass => {
                self.bump()?;
                Kind::PassStatement
            }
            Kind::Break => {
                self.bump()?;
                Kind::BreakStatement
            }
            Kind::Continue => {
                self.bump()?;
                Kind::ContinueStatement
            }
            Kind::Global | Kind::Nonlocal => {
                let is_global = self.token == Kind::Global;
                self.bump()?;
                self.take(Kind::Identifier)?;
                while self.token == Kind::Comma {
                    self.bump()?;
                    self.take(Kind::Identifier)?;
                }
                if is_global {
                    Kind::GlobalStatement
                } else {
                    Kind::NonlocalStatement
                }
            }
            _ => {
                self.expression_statement()?;
                Kind::ExpressionStatement
            }
        };
        self.finish(kind, mark);
        Some(())
    }

    /// Whether a simple statement ends here.
    fn at_end(&self) -> bool {
        matches!(self.token, Kind::Newline | Kind::Semicolon)
    }

    fn expression_statement(&mut self) -> Option<()> {
        if self.token == Kind::Identifier && SOFT_KEYWORDS.contains(&self.word()) {
            self.soft_keyword()?;
            self.splats = 1;
        }
        let mark = self.mark();
        if self.token == Kind::YieldKeyword {
            return self.yield_expression();
        }
        self.element(false)?;
        if self.token == Kind::Comma {
            self.more_elements()?;
            if self.token == Kind::Colon || !self.assigns() && self.last() == Kind::Comma {
                return None;
            }
            if self.assigns() {
                self.finish(Kind::ExpressionList, mark);
            } else if self.ambiguous || self.may_go_on() {
                return None;
            }
        } else if self.last() == Kind::ListSplat {
            return None;
        }
        self.assignment(mark)
    }

    /// Answers only if what follows a name at the beginning of a statement makes it a name.
    fn soft_keyword(&self) -> Option<()> {
        let rest = self.text.get(self.end..)?;
        let rest = rest.trim_ascii_start();
        let next = rest.first().copied()?;
        let is_name = match self.word() {
            b"print" | b"exec" => next == b'(',
            b"type" => b".=:,".contains(&next),
            _ => b".=,".contains(&next),
        };
        is_name.then_some(())
    }

    /// Whether the list that was ended last has a comma at its end, behind what may be a target: tree-sitter looks for
    /// another one, on the next line too.
    fn ends_with_comma(&self) -> bool {
        let mut last = self
            .buffers
            .nodes
            .iter()
            .rev()
            .skip(1)
            .map(|node| node.kind);
        let is_value = |kind: Kind| {
            use Kind::{Call, False, Float, Integer, None, String, True};
            matches!(kind, Call | False | Float | Integer | None | String | True)
        };
        last.next() == Some(Kind::Comma) && !last.next().is_some_and(is_value)
    }

    /// Whether the next line begins with what could go on with the last element of a list: to tree-sitter it does, if the
    /// list may be targets.
    fn may_go_on(&self) -> bool {
        let mut at = self.end;
        loop {
            match self.byte(at) {
                b' ' | b'\t' | b'\r' | b'\n' | b'\x0c' => at += 1,
                b'#' => at = self.line_end(at),
                b'[' | b'(' | b'.' | b'"' | b'\'' => return true,
                byte if b"fFtTrRbBuU".contains(&byte) => {
                    let rest = self.text.get(at..at + 3).unwrap_or_default();
                    return rest.contains(&b'"') || rest.contains(&b'\'');
                }
                _ => return false,
            }
        }
    }

    /// Whether an assignment goes on here.
    fn assigns(&self) -> bool {
        self.token == Kind::Equal || self.is_augmented()
    }

    fn is_augmented(&self) -> bool {
        let augmented = Kind::PlusEqual as u8..=Kind::OrEqual as u8;
        augmented.contains(&(self.token as u8))
    }

    /// The rest of an assignment, if there is one, whose left side has been read as an expression.
    fn assignment(&mut self, mark: usize) -> Option<()> {
        let kind = match self.token {
            Kind::Colon => {
                self.pattern()?;
                self.field(Field::Left);
                self.bump()?;
                self.annotation()?;
                self.field(Field::Type);
                if self.token == Kind::Equal {
                    self.bump()?;
                    self.right_hand_side()?;
                }
                Kind::Assignment
            }
            Kind::Equal => {
                self.pattern()?;
                self.field(Field::Left);
                self.bump()?;
                self.right_hand_side()?;
                Kind::Assignment
            }
            _ if self.is_augmented() => {
                self.pattern()?;
                self.field(Field::Left);
                self.bump()?;
                self.field(Field::Operator);
                self.right_hand_side()?;
                Kind::AugmentedAssignment
            }
            _ => return Some(()),
        };
        self.finish(kind, mark);
        Some(())
    }

    fn right_hand_side(&mut self) -> Option<()> {
        self.enter()?;
        let mark = self.mark();
        if self.token == Kind::YieldKeyword {
            self.yield_expression()?;
        } else {
            self.expression_list()?;
            if self.assigns() {
                self.assignment(mark)?;
            } else if self.last() == Kind::ExpressionList
                && (self.ambiguous || self.ends_with_comma() || self.may_go_on())
            {
                return None;
            }
        }
        self.field(Field::Right);
        self.leave();
        Some(())
    }

    fn dotted_name(&mut self) -> Option<()> {
        let mark = self.mark();
        self.take(Kind::Identifier)?;
        while self.token == Kind::Dot {
            self.bump()?;
            self.take(Kind::Identifier)?;
        }
        self.finish(Kind::DottedName, mark);
        Some(())
    }

    fn import_list(&mut self) -> Option<()> {
        loop {
            let mark = self.mark();
            self.dotted_name()?;
            if self.token == Kind::As {
                self.field(Field::Name);
                self.bump()?;
                self.take(Kind::Identifier)?;
                self.field(Field::Alias);
                self.finish(Kind::AliasedImport, mark);
            }
            self.field(Field::Name);
            if self.token != Kind::Comma {
                return Some(());
            }
            self.bump()?;
            if self.token == Kind::CloseParenthesis {
                return Some(());
            }
        }
    }

    fn import_from(&mut self) -> Option<Kind> {
        self.bump()?;
        let mut kind = Kind::ImportFromStatement;
        if self.word() == b"__future__" {
            self.bump_as(Kind::Future)?;
            kind = Kind::FutureImportStatement;
        } else {
            self.module_name()?;
            self.field(Field::ModuleName);
        }
        self.take(Kind::Import)?;
        match self.token {
            Kind::OpenParenthesis => {
                self.open()?;
                self.import_list()?;
                self.close(Kind::CloseParenthesis)?;
            }
            Kind::Star if kind == Kind::ImportFromStatement => {
                let mark = self.mark();
                self.bump()?;
                self.finish(Kind::WildcardImport, mark);
            }
            _ => self.import_list()?,
        }
        Some(kind)
    }

    fn module_name(&mut self) -> Option<()> {
        let mark = self.mark();
        if self.token == Kind::Identifier {
            return self.dotted_name();
        }
        while matches!(self.token, Kind::Dot | Kind::Ellipsis) {
            self.mark();
            for dot in self.start..self.end {
                self.leaf(Kind::Dot, dot, dot + 1);
            }
            self.lex(self.end)?;
        }
        if self.buffers.nodes.len() == mark {
            return None;
        }
        self.finish(Kind::ImportPrefix, mark);
        if self.token == Kind::Identifier {
            self.dotted_name()?;
        }
        self.finish(Kind::RelativeImport, mark);
        Some(())
    }
}
