//! Definitions of functions and classes, their parameters, annotations, and the targets of assignments.

use super::kinds::{Field, Kind};
use super::parser::Parser;

/// What follows the spaces at the beginning of a text.
fn without_spaces(text: &[u8]) -> &[u8] {
    let spaces = text.iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
    &text[spaces.count()..]
}

impl Parser<'_> {
    /// A function or class with its decorators.
    pub fn decorated_definition(&mut self) -> Option<()> {
        let mark = self.mark();
        while self.token == Kind::At {
            let decorator = self.mark();
            self.bump()?;
            self.expression()?;
            if self.token != Kind::Newline {
                return None;
            }
            self.mark();
            self.finish(Kind::Decorator, decorator);
            self.newline()?;
            if !self.comments_are_inside() {
                return None;
            }
        }
        self.definition()?;
        self.field(Field::Definition);
        self.finish(Kind::DecoratedDefinition, mark);
        Some(())
    }

    /// A function or class.
    pub fn definition(&mut self) -> Option<()> {
        let mark = self.mark();
        let is_class = self.token == Kind::Class;
        if is_class {
            self.bump()?;
        } else {
            if self.token == Kind::Async {
                self.bump()?;
            }
            self.take(Kind::Def)?;
        }
        self.take(Kind::Identifier)?;
        self.field(Field::Name);
        if is_class {
            if self.token == Kind::OpenParenthesis {
                self.arguments()?;
                if self.last() == Kind::GeneratorExpression {
                    return None;
                }
                self.field(Field::Superclasses);
            }
        } else {
            self.parameters()?;
        }
        self.suite(Field::Body)?;
        let kind = if is_class {
            Kind::ClassDefinition
        } else {
            Kind::FunctionDefinition
        };
        self.finish(kind, mark);
        Some(())
    }

    /// The parameters of a function and the type that it returns.
    fn parameters(&mut self) -> Option<()> {
        let mark = self.mark();
        if self.token != Kind::OpenParenthesis {
            return None;
        }
        self.open()?;
        if self.token != Kind::CloseParenthesis {
            self.parameter_list(Kind::CloseParenthesis, true)?;
        }
        self.close(Kind::CloseParenthesis)?;
        self.finish(Kind::Parameters, mark);
        self.field(Field::Parameters);
        if self.token == Kind::Arrow {
            self.bump()?;
            self.annotation()?;
            self.field(Field::ReturnType);
            // What follows the colon might be another type to tree-sitter.
            if !self.is_plain_body() {
                return None;
            }
        }
        Some(())
    }

    /// Whether the body behind the next token, a colon, is on lines of its own, or what is no type.
    fn is_plain_body(&self) -> bool {
        let rest = self.text.get(self.end..).unwrap_or_default();
        let rest = without_spaces(rest);
        let rest = rest.strip_prefix(b"...").map_or(rest, without_spaces);
        let words = [&b"pass"[..], b"return", b"raise"];
        matches!(rest.first(), None | Some(b'\r' | b'\n' | b'#'))
            || words.iter().any(|word| rest.starts_with(word))
    }

    /// One or more parameters up to the token behind them.
    pub fn parameter_list(&mut self, end: Kind, typed: bool) -> Option<()> {
        loop {
            self.parameter(typed)?;
            if self.token != Kind::Comma {
                return Some(());
            }
            self.bump()?;
            if self.token == end {
                return Some(());
            }
        }
    }

    fn parameter(&mut self, typed: bool) -> Option<()> {
        let mark = self.mark();
        match self.token {
            Kind::Identifier => {
                self.bump()?;
                if typed && self.token == Kind::Colon {
                    let name = self.buffers.nodes.len() - 1;
                    self.bump()?;
                    self.annotation()?;
                    self.field(Field::Type);
                    if self.token != Kind::Equal {
                        self.finish(Kind::TypedParameter, mark);
                        return Some(());
                    }
                    self.bump()?;
                    self.expression()?;
                    self.field(Field::Value);
                    self.buffers.nodes[name].field = Field::Name;
                    self.finish(Kind::TypedDefaultParameter, mark);
                } else if self.token == Kind::Equal {
                    self.field(Field::Name);
                    self.bump()?;
                    self.expression()?;
                    self.field(Field::Value);
                    self.finish(Kind::DefaultParameter, mark);
                }
            }
            Kind::Slash => {
                self.bump()?;
                self.finish(Kind::PositionalSeparator, mark);
            }
            Kind::Star | Kind::Power => {
                let is_list = self.token == Kind::Star;
                self.bump()?;
                if is_list && self.token == Kind::Comma {
                    self.finish(Kind::KeywordSeparator, mark);
                    return Some(());
                }
                self.take(Kind::Identifier)?;
                let kind = if is_list {
                    Kind::ListSplatPattern
                } else {
                    Kind::DictionarySplatPattern
                };
                self.finish(kind, mark);
                if typed && self.token == Kind::Colon {
                    self.bump()?;
                    self.annotation()?;
                    self.field(Field::Type);
                    self.finish(Kind::TypedParameter, mark);
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// A type: of a parameter, a variable, or what a function returns.
    pub fn annotation(&mut self) -> Option<()> {
        self.enter()?;
        let mark = self.mark();
        let generic = self.plain_type()?;
        if generic {
            while self.token == Kind::Bar {
                self.bump()?;
                self.plain_type()?;
                self.finish(Kind::UnionType, mark);
                self.finish(Kind::Type, mark);
            }
        }
        self.leave();
        Some(())
    }

    /// A type that is a name with type arguments, or any other expression. Answers whether it is the former.
    fn plain_type(&mut self) -> Option<bool> {
        let mark = self.mark();
        let generic = self.token == Kind::Identifier && self.is_before_bracket();
        if generic {
            // Of the words that are keywords in places only `type` can be a generic type's name.
            if matches!(self.word(), b"exec" | b"match" | b"print") {
                return None;
            }
            self.bump()?;
            let parameter = self.mark();
            self.open()?;
            loop {
                self.annotation()?;
                if self.token != Kind::Comma {
                    break;
                }
                self.bump()?;
                if self.token == Kind::CloseBracket {
                    break;
                }
            }
            self.close(Kind::CloseBracket)?;
            self.finish(Kind::TypeParameter, parameter);
            self.finish(Kind::GenericType, mark);
        } else {
            self.bitwise()?;
        }
        self.finish(Kind::Type, mark);
        Some(generic)
    }

    /// Whether the token behind the next one is an opening bracket.
    fn is_before_bracket(&self) -> bool {
        let mut at = self.end;
        loop {
            match self.byte(at) {
                b'[' => return true,
                b' ' | b'\t' | b'\r' | b'\x0c' => at += 1,
                b'\n' if self.brackets > 0 => at += 1,
                b'\\' => at = self.line_end(at) + 1,
                b'#' if self.brackets > 0 => at = self.line_end(at),
                _ => return false,
            }
        }
    }

    /// What a `for` assigns to.
    pub fn targets(&mut self) -> Option<()> {
        let mark = self.mark();
        self.target()?;
        if self.token == Kind::Comma {
            while self.token == Kind::Comma {
                self.bump()?;
                if self.token == Kind::In {
                    break;
                }
                self.target()?;
            }
            self.finish(Kind::PatternList, mark);
        }
        Some(())
    }

    fn target(&mut self) -> Option<()> {
        if self.token == Kind::Star {
            let mark = self.mark();
            self.bump()?;
            self.take(Kind::Identifier)?;
            self.finish(Kind::ListSplatPattern, mark);
            return Some(());
        }
        self.primary()?;
        self.pattern()
    }

    /// Makes the expression that was ended last the target of an assignment.
    pub fn pattern(&mut self) -> Option<()> {
        let last = self.buffers.nodes.len().checked_sub(1)?;
        self.make_pattern(last)
    }

    fn make_pattern(&mut self, index: usize) -> Option<()> {
        let node = *self.buffers.nodes.get(index)?;
        let kind = match node.kind {
            Kind::Identifier | Kind::Attribute | Kind::Subscript => return Some(()),
            Kind::Tuple | Kind::ParenthesizedExpression => Kind::TuplePattern,
            Kind::List => Kind::ListPattern,
            Kind::ListSplat => {
                self.buffers.nodes[index].kind = Kind::ListSplatPattern;
                let operand = self.buffers.nodes[index.checked_sub(1)?].kind;
                let is_target = matches!(
                    operand,
                    Kind::Identifier | Kind::Attribute | Kind::Subscript
                );
                return is_target.then_some(());
            }
            Kind::ExpressionList => Kind::PatternList,
            _ => return None,
        };
        self.enter()?;
        self.buffers.nodes[index].kind = kind;
        let first = index + 1 - node.size as usize;
        let mut child = index;
        while child > first {
            child -= 1;
            let node = self.buffers.nodes[child];
            let is_token = matches!(
                node.kind,
                Kind::Comma
                    | Kind::OpenParenthesis
                    | Kind::CloseParenthesis
                    | Kind::OpenBracket
                    | Kind::CloseBracket
                    | Kind::Comment
                    | Kind::LineContinuation
            );
            if !is_token {
                self.make_pattern(child)?;
            }
            child = (child + 1).saturating_sub(node.size as usize);
        }
        self.leave();
        Some(())
    }
}
