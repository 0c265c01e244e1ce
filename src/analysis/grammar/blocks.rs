//! Statements with blocks.

use super::kinds::{Field, Kind};
use super::parser::Parser;

impl Parser<'_> {
    /// Any statement.
    pub fn statement(&mut self) -> Option<()> {
        (self.splats, self.ambiguous) = (0, false);
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
    /// The colon and the block behind it.
    pub fn suite(&mut self, field: Field) -> Option<()> {
        self.take(Kind::Colon)?;
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
        self.take(Kind::For)?;
        self.targets()?;
        self.field(Field::Left);
        self.take(Kind::In)?;
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
        self.take(Kind::With)?;
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
