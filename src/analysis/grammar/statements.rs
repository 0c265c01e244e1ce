//! Statements and their blocks.

use super::kinds::{Field, Kind};
use super::lexer::Parser;

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

    fn statement(&mut self) -> Option<()> {
        self.splats = 0;
        match self.token {
            Kind::If => self.if_statement(),
            Kind::For => self.for_statement(),
            Kind::While => self.while_statement(),
            Kind::Try => self.try_statement(),
            Kind::With => self.with_statement(),
            Kind::Def | Kind::Class => self.definition(),
            Kind::At => self.decorated_definition(),
            Kind::Async => self.async_statement(),
            _ => {
                self.simple_statements()?;
                self.newline()
            }
        }
    }

    fn async_statement(&mut self) -> Option<()> {
        let rest = self.text.get(self.end..)?.trim_ascii_start();
        if rest.starts_with(b"def") {
            self.definition()
        } else if rest.starts_with(b"for") {
            self.for_statement()
        } else {
            self.with_statement()
        }
    }

    /// The statements of one line and the comment behind them.
    fn simple_statements(&mut self) -> Option<()> {
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
        self.splats = 0;
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
                self.expect(Kind::Identifier)?;
                while self.token == Kind::Comma {
                    self.bump()?;
                    self.expect(Kind::Identifier)?;
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
            } else if self.last() == Kind::ExpressionList && self.ends_with_comma() {
                return None;
            }
        }
        self.field(Field::Right);
        self.leave();
        Some(())
    }

    fn dotted_name(&mut self) -> Option<()> {
        let mark = self.mark();
        self.expect(Kind::Identifier)?;
        while self.token == Kind::Dot {
            self.bump()?;
            self.expect(Kind::Identifier)?;
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
                self.expect(Kind::Identifier)?;
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
        self.expect(Kind::Import)?;
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

    /// The colon and the block behind it.
    pub fn suite(&mut self, field: Field) -> Option<()> {
        self.expect(Kind::Colon)?;
        self.enter()?;
        if self.token == Kind::Newline {
            self.indent()?;
            let mark = self.mark();
            while self.token != Kind::Dedent {
                self.statement()?;
            }
            self.mark();
            self.finish(Kind::Block, mark);
            self.field(field);
            self.dedent()?;
        } else {
            let mark = self.mark();
            self.simple_statements()?;
            self.finish(Kind::Block, mark);
            self.field(field);
            self.newline()?;
        }
        self.leave();
        Some(())
    }

    fn if_statement(&mut self) -> Option<()> {
        let mark = self.mark();
        self.bump()?;
        self.expression()?;
        self.field(Field::Condition);
        self.suite(Field::Consequence)?;
        while self.token == Kind::Elif {
            let clause = self.mark();
            self.bump()?;
            self.expression()?;
            self.field(Field::Condition);
            self.suite(Field::Consequence)?;
            self.finish(Kind::ElifClause, clause);
            self.field(Field::Alternative);
        }
        self.else_clause(Field::Alternative)?;
        self.finish(Kind::IfStatement, mark);
        Some(())
    }

    fn else_clause(&mut self, field: Field) -> Option<()> {
        if self.token == Kind::Else {
            let mark = self.mark();
            self.bump()?;
            self.suite(Field::Body)?;
            self.finish(Kind::ElseClause, mark);
            self.field(field);
        }
        Some(())
    }

    fn for_statement(&mut self) -> Option<()> {
        let mark = self.mark();
        if self.token == Kind::Async {
            self.bump()?;
        }
        self.expect(Kind::For)?;
        self.targets()?;
        self.field(Field::Left);
        self.expect(Kind::In)?;
        self.expression_list()?;
        self.field(Field::Right);
        self.suite(Field::Body)?;
        self.else_clause(Field::Alternative)?;
        self.finish(Kind::ForStatement, mark);
        Some(())
    }

    fn while_statement(&mut self) -> Option<()> {
        let mark = self.mark();
        self.bump()?;
        self.expression()?;
        self.field(Field::Condition);
        self.suite(Field::Body)?;
        self.else_clause(Field::Alternative)?;
        self.finish(Kind::WhileStatement, mark);
        Some(())
    }

    fn try_statement(&mut self) -> Option<()> {
        let mark = self.mark();
        self.bump()?;
        self.suite(Field::Body)?;
        while self.token == Kind::Except {
            let clause = self.mark();
            self.bump()?;
            if self.token == Kind::Star {
                self.bump()?;
            }
            if self.token != Kind::Colon {
                let value = self.mark();
                self.expression()?;
                self.as_pattern(value)?;
                self.field(Field::Value);
            }
            self.suite(Field::None)?;
            self.finish(Kind::ExceptClause, clause);
        }
        self.else_clause(Field::None)?;
        if self.token == Kind::Finally {
            let clause = self.mark();
            self.bump()?;
            self.suite(Field::None)?;
            self.finish(Kind::FinallyClause, clause);
        }
        self.finish(Kind::TryStatement, mark);
        Some(())
    }

    /// `as` and a name for the expression before it, if there is one.
    fn as_pattern(&mut self, mark: usize) -> Option<()> {
        if self.token != Kind::As {
            return Some(());
        }
        if matches!(
            self.last(),
            Kind::Lambda | Kind::ConditionalExpression | Kind::NamedExpression
        ) {
            return None;
        }
        self.bump()?;
        let target = self.mark();
        self.primary()?;
        self.finish(Kind::AsPatternTarget, target);
        self.field(Field::Alias);
        self.finish(Kind::AsPattern, mark);
        Some(())
    }

    fn with_statement(&mut self) -> Option<()> {
        let mark = self.mark();
        if self.token == Kind::Async {
            self.bump()?;
        }
        self.expect(Kind::With)?;
        let clause = self.mark();
        if self.token == Kind::OpenParenthesis {
            self.items_from_parenthesis()?;
        } else {
            self.with_items(Kind::Colon)?;
        }
        self.finish(Kind::WithClause, clause);
        self.suite(Field::Body)?;
        self.finish(Kind::WithStatement, mark);
        Some(())
    }

    /// The items of a `with` up to the token behind them.
    fn with_items(&mut self, end: Kind) -> Option<()> {
        loop {
            let item = self.mark();
            self.expression()?;
            self.with_item(item)?;
            if self.token != Kind::Comma {
                return Some(());
            }
            self.bump()?;
            if self.token == end {
                return (end == Kind::CloseParenthesis).then_some(());
            }
        }
    }

    /// The rest of an item of a `with`.
    fn with_item(&mut self, mark: usize) -> Option<()> {
        self.as_pattern(mark)?;
        self.field(Field::Value);
        self.finish(Kind::WithItem, mark);
        Some(())
    }

    /// Items of a `with` that begin with a parenthesis: of an expression, or around all items.
    fn items_from_parenthesis(&mut self) -> Option<()> {
        let mark = self.mark();
        let before = self.state();
        let is_expression = self.expression().is_some();
        if is_expression && (self.last() != Kind::Tuple || self.token != Kind::Colon) {
            self.with_item(mark)?;
            if self.token != Kind::Comma {
                return Some(());
            }
            self.bump()?;
            return self.with_items(Kind::Colon);
        }
        self.restore(before, mark);
        self.open()?;
        let first = self.buffers.nodes.len();
        self.with_items(Kind::CloseParenthesis)?;
        // One item alone is an expression in parentheses, with its `as`.
        if self.last() == Kind::WithItem && self.is_node_since(first) {
            return None;
        }
        self.close(Kind::CloseParenthesis)?;
        (self.token == Kind::Colon).then_some(())
    }
}
