//! What stands in brackets: arguments, subscripts, displays and comprehensions.

use super::kinds::{Field, Kind};
use super::parser::Parser;

impl Parser<'_> {
    /// The arguments of a call or the bases of a class in parentheses, or the generator that is the only argument.
    pub fn arguments(&mut self) -> Option<()> {
        let mark = self.mark();
        self.enter()?;
        self.open()?;
        let mut is_first = true;
        while self.token != Kind::CloseParenthesis {
            self.argument()?;
            if is_first && matches!(self.token, Kind::For | Kind::Async) {
                if matches!(
                    self.last(),
                    Kind::KeywordArgument | Kind::ListSplat | Kind::DictionarySplat
                ) {
                    return None;
                }
                self.field(Field::Body);
                self.comprehension()?;
                self.close(Kind::CloseParenthesis)?;
                self.finish(Kind::GeneratorExpression, mark);
                self.leave();
                return Some(());
            }
            is_first = false;
            if self.token != Kind::Comma {
                break;
            }
            self.bump()?;
        }
        self.close(Kind::CloseParenthesis)?;
        self.finish(Kind::ArgumentList, mark);
        self.leave();
        Some(())
    }

    fn argument(&mut self) -> Option<()> {
        let mark = self.mark();
        match self.token {
            Kind::Star => self.splat(true, true),
            Kind::Power => {
                self.bump()?;
                self.expression()?;
                self.finish(Kind::DictionarySplat, mark);
                Some(())
            }
            _ => {
                self.expression()?;
                if self.token == Kind::Equal {
                    if !self.is_name(mark) {
                        return None;
                    }
                    self.field(Field::Name);
                    self.bump()?;
                    self.expression()?;
                    self.field(Field::Value);
                    self.finish(Kind::KeywordArgument, mark);
                }
                Some(())
            }
        }
    }

    /// An element of a display or of an expression list.
    pub fn element(&mut self, in_brackets: bool) -> Option<()> {
        if self.token == Kind::Star {
            self.splat(in_brackets, false)
        } else {
            self.expression()
        }
    }

    /// `*` and a name, or what is in brackets, or the first primary of a statement in a call: what tree-sitter makes of
    /// other operands depends on what stands around them.
    fn splat(&mut self, in_brackets: bool, in_call: bool) -> Option<()> {
        let mark = self.mark();
        self.bump()?;
        self.splats += 1;
        match self.token {
            Kind::Identifier if in_call && self.splats == 1 => self.primary()?,
            Kind::Identifier if in_brackets && self.splats == 1 => {
                let simple = self.buffers.nodes.len() + 1;
                self.primary()?;
                if self.buffers.nodes.len() > simple {
                    if self.token != Kind::Comma {
                        return None;
                    }
                    self.ambiguous = true;
                }
            }
            Kind::Identifier => self.bump()?,
            Kind::OpenParenthesis if in_brackets => self.parenthesized()?,
            Kind::OpenBracket if in_brackets => self.list()?,
            Kind::OpenBrace if in_brackets => self.braces()?,
            _ => return None,
        }
        let ends = matches!(
            self.token,
            Kind::Comma
                | Kind::CloseParenthesis
                | Kind::CloseBracket
                | Kind::CloseBrace
                | Kind::Newline
                | Kind::Semicolon
                | Kind::Equal
                | Kind::Colon
        );
        if !ends {
            return None;
        }
        self.finish(Kind::ListSplat, mark);
        Some(())
    }

    /// The subscripts of a primary.
    pub fn subscripts(&mut self) -> Option<()> {
        self.enter()?;
        self.open()?;
        loop {
            self.subscript()?;
            self.field(Field::Subscript);
            if self.token != Kind::Comma {
                break;
            }
            self.bump()?;
            if self.token == Kind::CloseBracket {
                break;
            }
        }
        self.close(Kind::CloseBracket)?;
        self.leave();
        Some(())
    }

    fn subscript(&mut self) -> Option<()> {
        let mark = self.mark();
        if self.token == Kind::Star {
            return self.splat(false, false);
        }
        if self.token != Kind::Colon {
            self.expression()?;
            if self.token != Kind::Colon {
                return Some(());
            }
        }
        for _ in 0..2 {
            if self.token == Kind::Colon {
                self.bump()?;
                if !matches!(self.token, Kind::Colon | Kind::Comma | Kind::CloseBracket) {
                    self.expression()?;
                }
            }
        }
        self.finish(Kind::Slice, mark);
        Some(())
    }

    /// What starts with a parenthesis: a tuple, a generator, or one expression.
    pub fn parenthesized(&mut self) -> Option<()> {
        let mark = self.mark();
        self.enter()?;
        self.open()?;
        let kind = if self.token == Kind::CloseParenthesis {
            Kind::Tuple
        } else if self.token == Kind::YieldKeyword {
            self.yield_expression()?;
            Kind::ParenthesizedExpression
        } else {
            let is_splat = self.token == Kind::Star;
            self.element(true)?;
            match self.token {
                Kind::Comma => {
                    self.elements(Kind::CloseParenthesis)?;
                    Kind::Tuple
                }
                _ if is_splat => return None,
                Kind::For | Kind::Async => {
                    self.field(Field::Body);
                    self.comprehension()?;
                    Kind::GeneratorExpression
                }
                _ => Kind::ParenthesizedExpression,
            }
        };
        self.close(Kind::CloseParenthesis)?;
        self.finish(kind, mark);
        self.leave();
        Some(())
    }

    /// The elements of a display behind the first, up to its closing bracket.
    fn elements(&mut self, close: Kind) -> Option<()> {
        while self.token == Kind::Comma {
            self.bump()?;
            if self.token == close {
                break;
            }
            self.element(true)?;
        }
        Some(())
    }

    pub fn list(&mut self) -> Option<()> {
        let mark = self.mark();
        self.enter()?;
        self.open()?;
        let mut kind = Kind::List;
        if self.token != Kind::CloseBracket {
            let is_splat = self.token == Kind::Star;
            self.element(true)?;
            if !is_splat && matches!(self.token, Kind::For | Kind::Async) {
                self.field(Field::Body);
                self.comprehension()?;
                kind = Kind::ListComprehension;
            } else {
                self.elements(Kind::CloseBracket)?;
            }
        }
        self.close(Kind::CloseBracket)?;
        self.finish(kind, mark);
        self.leave();
        Some(())
    }

    /// A dictionary or set.
    pub fn braces(&mut self) -> Option<()> {
        let mark = self.mark();
        self.enter()?;
        self.open()?;
        let mut kind = Kind::Dictionary;
        match self.token {
            Kind::CloseBrace => {}
            Kind::Power => self.pairs()?,
            Kind::Star => {
                self.element(true)?;
                self.elements(Kind::CloseBrace)?;
                kind = Kind::Set;
            }
            _ => {
                let first = self.mark();
                self.expression()?;
                let is_pair = self.token == Kind::Colon;
                if is_pair {
                    self.pair(first)?;
                }
                if matches!(self.token, Kind::For | Kind::Async) {
                    self.field(Field::Body);
                    self.comprehension()?;
                    kind = if is_pair {
                        Kind::DictionaryComprehension
                    } else {
                        Kind::SetComprehension
                    };
                } else if is_pair {
                    if self.token == Kind::Comma {
                        self.bump()?;
                        self.pairs()?;
                    }
                } else {
                    self.elements(Kind::CloseBrace)?;
                    kind = Kind::Set;
                }
            }
        }
        self.close(Kind::CloseBrace)?;
        self.finish(kind, mark);
        self.leave();
        Some(())
    }

    /// The colon and the value behind the key of a pair.
    fn pair(&mut self, mark: usize) -> Option<()> {
        self.field(Field::Key);
        self.take(Kind::Colon)?;
        self.expression()?;
        self.field(Field::Value);
        self.finish(Kind::Pair, mark);
        Some(())
    }

    /// Pairs and dictionaries to take over, up to the closing brace.
    fn pairs(&mut self) -> Option<()> {
        while self.token != Kind::CloseBrace {
            let mark = self.mark();
            if self.token == Kind::Power {
                self.bump()?;
                self.expression()?;
                self.finish(Kind::DictionarySplat, mark);
            } else {
                self.expression()?;
                self.pair(mark)?;
            }
            if self.token != Kind::Comma {
                break;
            }
            self.bump()?;
        }
        Some(())
    }

    /// The clauses of a comprehension.
    fn comprehension(&mut self) -> Option<()> {
        loop {
            let mark = self.mark();
            match self.token {
                Kind::For | Kind::Async => {
                    if self.token == Kind::Async {
                        self.bump()?;
                    }
                    self.take(Kind::For)?;
                    self.targets()?;
                    self.field(Field::Left);
                    self.take(Kind::In)?;
                    self.disjunction()?;
                    self.field(Field::Right);
                    self.finish(Kind::ForInClause, mark);
                }
                Kind::If => {
                    self.bump()?;
                    self.disjunction()?;
                    self.finish(Kind::IfClause, mark);
                }
                _ => return Some(()),
            }
        }
    }
}
