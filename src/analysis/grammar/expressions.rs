//! Expressions, from the loosest operators to the tightest.

use super::kinds::{Field, Kind};
use super::lexer::Parser;

/// How tightly operators bind in tree-sitter-python, which differs from Python in `^` before `&`, and in `await`.
mod precedence {
    pub const OR: u8 = 10;
    pub const AND: u8 = 11;
    pub const NOT: u8 = 12;
    pub const COMPARE: u8 = 13;
    pub const BITWISE_OR: u8 = 14;
    pub const BITWISE_AND: u8 = 15;
    pub const XOR: u8 = 16;
    pub const SHIFT: u8 = 17;
    pub const PLUS: u8 = 18;
    pub const TIMES: u8 = 19;
    pub const POWER: u8 = 21;
}

/// How tightly a token binds as an operator between two operands; 0 if it is none.
fn binding(token: Kind) -> u8 {
    use precedence::*;
    match token {
        Kind::Or => OR,
        Kind::And => AND,
        Kind::Less
        | Kind::LessEqual
        | Kind::EqualEqual
        | Kind::NotEqual
        | Kind::GreaterEqual
        | Kind::Greater
        | Kind::In
        | Kind::Not
        | Kind::Is => COMPARE,
        Kind::Bar => BITWISE_OR,
        Kind::Ampersand => BITWISE_AND,
        Kind::Caret => XOR,
        Kind::ShiftLeft | Kind::ShiftRight => SHIFT,
        Kind::Plus | Kind::Minus => PLUS,
        Kind::Star | Kind::At | Kind::Slash | Kind::Percent | Kind::FloorDivide => TIMES,
        Kind::Power => POWER,
        _ => 0,
    }
}

impl Parser<'_> {
    /// Any expression, an assignment expression too.
    pub fn expression(&mut self) -> Option<()> {
        if self.token == Kind::LambdaKeyword {
            return self.lambda();
        }
        self.enter()?;
        let mark = self.mark();
        self.disjunction()?;
        if self.token == Kind::Walrus {
            if !self.is_name(mark) {
                return None;
            }
            self.field(Field::Name);
            self.bump()?;
            self.disjunction()?;
            self.field(Field::Value);
            self.finish(Kind::NamedExpression, mark);
        }
        if self.token == Kind::If {
            self.bump()?;
            self.disjunction()?;
            self.expect(Kind::Else)?;
            self.expression()?;
            if self.last() == Kind::NamedExpression {
                return None;
            }
            self.finish(Kind::ConditionalExpression, mark);
        }
        self.leave();
        Some(())
    }

    /// An expression without a conditional one.
    pub fn disjunction(&mut self) -> Option<()> {
        self.operation(precedence::OR)
    }

    /// An operand with the arithmetic and bitwise operators behind it.
    pub fn bitwise(&mut self) -> Option<()> {
        self.operation(precedence::BITWISE_OR)
    }

    /// An operand with the operators behind it that bind at least so tightly.
    fn operation(&mut self, least: u8) -> Option<()> {
        let mark = self.mark();
        if self.token == Kind::Not && least <= precedence::NOT {
            self.enter()?;
            self.bump()?;
            self.operation(precedence::NOT)?;
            self.field(Field::Argument);
            self.finish(Kind::NotOperator, mark);
            self.leave();
        } else {
            self.operand()?;
        }
        loop {
            let tight = binding(self.token);
            if tight < least || tight == 0 {
                return Some(());
            }
            self.enter()?;
            if tight == precedence::COMPARE {
                self.comparison(mark)?;
            } else {
                self.field(Field::Left);
                self.bump()?;
                self.field(Field::Operator);
                let right = if tight == precedence::POWER {
                    tight
                } else {
                    tight + 1
                };
                self.operation(right)?;
                self.field(Field::Right);
                let boolean = tight <= precedence::AND;
                let kind = if boolean {
                    Kind::BooleanOperator
                } else {
                    Kind::BinaryOperator
                };
                self.finish(kind, mark);
            }
            self.leave();
        }
    }

    /// The operators and operands behind the first operand of a comparison.
    fn comparison(&mut self, mark: usize) -> Option<()> {
        while binding(self.token) == precedence::COMPARE {
            let operator = self.mark();
            let first = self.token;
            self.bump()?;
            if first == Kind::Not {
                self.expect(Kind::In)?;
                self.finish(Kind::NotIn, operator);
            } else if first == Kind::Is && self.token == Kind::Not {
                self.bump()?;
                self.finish(Kind::IsNot, operator);
            }
            self.field(Field::Operators);
            self.bitwise()?;
        }
        self.finish(Kind::ComparisonOperator, mark);
        Some(())
    }

    /// A primary with the signs or the `await` before it.
    fn operand(&mut self) -> Option<()> {
        let kind = match self.token {
            Kind::Minus | Kind::Plus | Kind::Tilde => Kind::UnaryOperator,
            Kind::AwaitKeyword => Kind::Await,
            _ => return self.primary(),
        };
        self.enter()?;
        let mark = self.mark();
        self.bump()?;
        if kind == Kind::UnaryOperator {
            self.field(Field::Operator);
        }
        self.operation(precedence::POWER)?;
        if kind == Kind::UnaryOperator {
            self.field(Field::Argument);
        }
        self.finish(kind, mark);
        self.leave();
        Some(())
    }

    /// A name, literal or display with the attributes, calls and subscripts behind it.
    pub fn primary(&mut self) -> Option<()> {
        let mark = self.mark();
        match self.token {
            Kind::Identifier
            | Kind::Integer
            | Kind::Float
            | Kind::True
            | Kind::False
            | Kind::None
            | Kind::Ellipsis => self.bump()?,
            Kind::StringStart => self.strings()?,
            Kind::OpenParenthesis => self.parenthesized()?,
            Kind::OpenBracket => self.list()?,
            Kind::OpenBrace => self.braces()?,
            _ => return None,
        }
        loop {
            match self.token {
                Kind::Dot => {
                    self.field(Field::Object);
                    self.bump()?;
                    self.expect(Kind::Identifier)?;
                    self.field(Field::Attribute);
                    self.finish(Kind::Attribute, mark);
                }
                Kind::OpenParenthesis => {
                    self.field(Field::Function);
                    self.arguments()?;
                    self.field(Field::Arguments);
                    self.finish(Kind::Call, mark);
                }
                Kind::OpenBracket => {
                    self.field(Field::Value);
                    self.subscripts()?;
                    self.finish(Kind::Subscript, mark);
                }
                _ => return Some(()),
            }
        }
    }

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

    fn subscripts(&mut self) -> Option<()> {
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
    fn parenthesized(&mut self) -> Option<()> {
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

    fn list(&mut self) -> Option<()> {
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
    fn braces(&mut self) -> Option<()> {
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
        self.expect(Kind::Colon)?;
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
                    self.expect(Kind::For)?;
                    self.targets()?;
                    self.field(Field::Left);
                    self.expect(Kind::In)?;
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

    fn lambda(&mut self) -> Option<()> {
        let mark = self.mark();
        self.enter()?;
        self.bump()?;
        if self.token != Kind::Colon {
            let parameters = self.mark();
            self.parameter_list(Kind::Colon, false)?;
            self.finish(Kind::LambdaParameters, parameters);
            self.field(Field::Parameters);
        }
        self.expect(Kind::Colon)?;
        self.expression()?;
        if self.last() == Kind::NamedExpression {
            return None;
        }
        self.field(Field::Body);
        self.finish(Kind::Lambda, mark);
        self.leave();
        Some(())
    }

    /// `yield` with what it yields.
    pub fn yield_expression(&mut self) -> Option<()> {
        let mark = self.mark();
        self.bump()?;
        match self.token {
            Kind::From => {
                self.bump()?;
                self.expression()?;
            }
            Kind::Newline | Kind::Semicolon | Kind::CloseParenthesis => {}
            _ => self.expression_list()?,
        }
        self.finish(Kind::Yield, mark);
        Some(())
    }

    /// One expression, or several as an `expression_list`.
    pub fn expression_list(&mut self) -> Option<()> {
        let mark = self.mark();
        self.element(false)?;
        if self.token == Kind::Comma {
            self.more_elements()?;
            self.finish(Kind::ExpressionList, mark);
        }
        Some(())
    }

    /// The expressions behind the first of a list without brackets.
    pub fn more_elements(&mut self) -> Option<()> {
        while self.token == Kind::Comma {
            self.bump()?;
            let ends = matches!(
                self.token,
                Kind::Newline
                    | Kind::Semicolon
                    | Kind::Equal
                    | Kind::Colon
                    | Kind::CloseParenthesis
            );
            if ends {
                break;
            }
            self.element(false)?;
        }
        Some(())
    }
}
