//! Expressions, from the loosest operators to the tightest.

use super::kinds::{Field, Kind};
use super::parser::Parser;

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
    use precedence::{AND, BITWISE_AND, BITWISE_OR, COMPARE, OR, PLUS, POWER, SHIFT, TIMES, XOR};
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
            self.take(Kind::Else)?;
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
                self.take(Kind::In)?;
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
                    self.take(Kind::Identifier)?;
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
        self.take(Kind::Colon)?;
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
