//! The kinds and fields of tree-sitter-python's grammar that this parser knows, and the ids that the grammar gives them.

use std::sync::OnceLock;

use crate::analysis::table::{EXTRA, NAMED, field_id, language};

macro_rules! kinds {
    ($($flag:ident { $($kind:ident $name:literal)* })*) => {
        /// A kind of node or token, those without a name first.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Kind {
            $($(#[doc = concat!("`", $name, "`")] $kind,)*)*
        }

        /// The names that the grammar knows them by, and whether the node is named.
        const KINDS: &[(&str, bool)] = &[$($(($name, stringify!($flag).as_bytes()[0] == b'n'),)*)*];
    };
}

kinds! {
    token {
        Semicolon ";" Import "import" Dot "." From "from" Future "__future__" OpenParenthesis "("
        CloseParenthesis ")" Comma "," As "as" Star "*" ShiftRight ">>" Assert "assert" Walrus ":="
        Return "return" Del "del" Raise "raise" Pass "pass" Break "break" Continue "continue" If "if"
        Colon ":" Elif "elif" Else "else" Async "async" For "for" In "in" While "while" Try "try"
        Except "except" Finally "finally" With "with" Def "def" Arrow "->" Power "**" Global "global"
        Nonlocal "nonlocal" Equal "=" Class "class" OpenBracket "[" CloseBracket "]" At "@"
        Minus "-" Bar "|" OpenBrace "{" CloseBrace "}" Plus "+" Not "not" And "and" Or "or"
        Slash "/" Percent "%" FloorDivide "//" Ampersand "&" Caret "^" ShiftLeft "<<" Tilde "~"
        Is "is" Less "<" LessEqual "<=" EqualEqual "==" NotEqual "!=" GreaterEqual ">=" Greater ">"
        LambdaKeyword "lambda" PlusEqual "+=" MinusEqual "-=" StarEqual "*=" SlashEqual "/="
        AtEqual "@=" FloorDivideEqual "//=" PercentEqual "%=" PowerEqual "**=" ShiftRightEqual ">>="
        ShiftLeftEqual "<<=" AmpersandEqual "&=" CaretEqual "^=" OrEqual "|=" YieldKeyword "yield"
        Backslash "\\" AwaitKeyword "await" NotIn "not in" IsNot "is not"
    }
    named {
        Identifier "identifier" Ellipsis "ellipsis" EscapeSequence "escape_sequence"
        TypeConversion "type_conversion" Integer "integer" Float "float" True "true" False "false"
        None "none" Comment "comment" LineContinuation "line_continuation"
        StringStart "string_start" EscapeInterpolation "escape_interpolation"
        StringEnd "string_end" Module "module" ImportStatement "import_statement"
        ImportPrefix "import_prefix" RelativeImport "relative_import"
        FutureImportStatement "future_import_statement" ImportFromStatement "import_from_statement"
        AliasedImport "aliased_import" WildcardImport "wildcard_import"
        AssertStatement "assert_statement" ExpressionStatement "expression_statement"
        NamedExpression "named_expression" ReturnStatement "return_statement"
        DeleteStatement "delete_statement" RaiseStatement "raise_statement"
        PassStatement "pass_statement" BreakStatement "break_statement"
        ContinueStatement "continue_statement" IfStatement "if_statement" ElifClause "elif_clause"
        ElseClause "else_clause" ForStatement "for_statement" WhileStatement "while_statement"
        TryStatement "try_statement" ExceptClause "except_clause" FinallyClause "finally_clause"
        WithStatement "with_statement" WithClause "with_clause" WithItem "with_item"
        FunctionDefinition "function_definition" Parameters "parameters"
        LambdaParameters "lambda_parameters" ListSplat "list_splat"
        DictionarySplat "dictionary_splat" GlobalStatement "global_statement"
        NonlocalStatement "nonlocal_statement" ClassDefinition "class_definition"
        TypeParameter "type_parameter" ArgumentList "argument_list"
        DecoratedDefinition "decorated_definition" Decorator "decorator" Block "block"
        ExpressionList "expression_list" DottedName "dotted_name" TuplePattern "tuple_pattern"
        ListPattern "list_pattern" DefaultParameter "default_parameter"
        TypedDefaultParameter "typed_default_parameter" ListSplatPattern "list_splat_pattern"
        DictionarySplatPattern "dictionary_splat_pattern" AsPattern "as_pattern"
        AsPatternTarget "as_pattern_target" NotOperator "not_operator"
        BooleanOperator "boolean_operator" BinaryOperator "binary_operator"
        UnaryOperator "unary_operator" ComparisonOperator "comparison_operator" Lambda "lambda"
        Assignment "assignment" AugmentedAssignment "augmented_assignment"
        PatternList "pattern_list" Yield "yield" Attribute "attribute" Subscript "subscript"
        Slice "slice" Call "call" TypedParameter "typed_parameter" Type "type"
        GenericType "generic_type" UnionType "union_type" KeywordArgument "keyword_argument"
        List "list" Set "set" Tuple "tuple" Dictionary "dictionary" Pair "pair"
        ListComprehension "list_comprehension" DictionaryComprehension "dictionary_comprehension"
        SetComprehension "set_comprehension" GeneratorExpression "generator_expression"
        ParenthesizedExpression "parenthesized_expression" ForInClause "for_in_clause"
        IfClause "if_clause" ConditionalExpression "conditional_expression"
        ConcatenatedString "concatenated_string" String "string" StringContent "string_content"
        Interpolation "interpolation" FormatSpecifier "format_specifier"
        FormatExpression "format_expression" Await "await"
        PositionalSeparator "positional_separator" KeywordSeparator "keyword_separator"
    }
    token {
        // What no node stands for: the end of a statement, of a block and of the text, and an exclamation mark.
        Newline "_newline" Dedent "_dedent" End "end" Exclamation "!"
    }
}

macro_rules! fields {
    ($($field:ident $name:literal)*) => {
        /// A field of a node's parent.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Field {
            /// In none.
            None,
            $(#[doc = concat!("`", $name, "`")] $field,)*
        }

        /// The names that the grammar knows them by, without the first.
        const FIELDS: &[&str] = &[$($name,)*];
    };
}

fields! {
    Alias "alias" Alternative "alternative" Argument "argument" Arguments "arguments"
    Attribute "attribute" Body "body" Cause "cause" Condition "condition" Consequence "consequence"
    Definition "definition" Expression "expression" FormatSpecifier "format_specifier"
    Function "function" Key "key" Left "left" ModuleName "module_name" Name "name" Object "object"
    Operator "operator" Operators "operators" Parameters "parameters" ReturnType "return_type"
    Right "right" Subscript "subscript" Superclasses "superclasses" Type "type"
    TypeConversion "type_conversion" Value "value"
}

/// The ids of the kinds and fields, in their order, and the flags of the kinds.
pub struct Ids {
    /// The id of a kind and its flags.
    pub kinds: Vec<(u16, u8)>,
    /// The id of a field.
    pub fields: Vec<u8>,
}

/// The ids, looked up by name once.
pub fn ids() -> &'static Ids {
    static IDS: OnceLock<Ids> = OnceLock::new();
    IDS.get_or_init(|| {
        let extra = [Kind::Comment as usize, Kind::LineContinuation as usize];
        let kind = |(index, (name, named)): (usize, &(&str, bool))| {
            let id = language().id_for_node_kind(name, *named);
            let extra = if extra.contains(&index) { EXTRA } else { 0 };
            (id, extra | if *named { NAMED } else { 0 })
        };
        let fields = FIELDS.iter().map(|name| field_id(name));
        Ids {
            kinds: KINDS.iter().enumerate().map(kind).collect(),
            fields: std::iter::once(0).chain(fields).collect(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_knows_every_kind_and_field() {
        let ids = ids();
        assert_eq!(KINDS.len(), Kind::Exclamation as usize + 1);
        for (id, (name, _)) in ids.kinds.iter().zip(KINDS).take(Kind::Newline as usize) {
            assert!(id.0 != 0, "{name}");
        }
        assert!(!ids.fields.contains(&u8::MAX));
    }
}
