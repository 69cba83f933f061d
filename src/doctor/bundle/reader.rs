//! Facts out of a JSON value. The library's own reader tries every form that a type could be
//! written in, for each of a hundred types; this one knows only those that we write, says nothing
//! of what is wrong, and is a third of its size. Pure.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};
use serde_json::{Number, Value};

/// The value has another form. What stands in it is not told: it could be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherForm;

/// Reads what serde wrote.
///
/// # Errors
/// When the value has another form.
pub fn read<T: DeserializeOwned>(value: &Value) -> Result<T, OtherForm> {
    T::deserialize(Reader(value))
}

impl fmt::Display for OtherForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value has another form")
    }
}

impl std::error::Error for OtherForm {}

impl de::Error for OtherForm {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }
}

#[derive(Clone, Copy)]
struct Reader<'de>(&'de Value);

impl Reader<'_> {
    fn number<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value, OtherForm> {
        match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(number), ..) => visitor.visit_u64(number),
            (None, Some(number), _) => visitor.visit_i64(number),
            (None, None, Some(number)) => visitor.visit_f64(number),
            (None, None, None) => Err(OtherForm),
        }
    }
}

/// Methods that take one form.
macro_rules! forms {
    ($($method:ident => $form:ident,)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherForm> {
            self.$form(visitor)
        })+
    };
}

impl<'de> Reader<'de> {
    fn a_number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherForm> {
        match self.0 {
            Value::Number(number) => Self::number(number, visitor),
            _ => Err(OtherForm),
        }
    }

    fn a_text<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherForm> {
        match self.0 {
            Value::String(text) => visitor.visit_str(text),
            _ => Err(OtherForm),
        }
    }

    fn a_list<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherForm> {
        match self.0 {
            Value::Array(all) => visitor.visit_seq(Elements(all.iter())),
            _ => Err(OtherForm),
        }
    }

    fn an_object<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherForm> {
        match self.0 {
            Value::Object(all) => visitor.visit_map(Fields(all.iter(), None)),
            _ => Err(OtherForm),
        }
    }
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = OtherForm;

    forms! {
        deserialize_i8 => a_number, deserialize_i16 => a_number, deserialize_i32 => a_number,
        deserialize_i64 => a_number, deserialize_u8 => a_number, deserialize_u16 => a_number,
        deserialize_u32 => a_number, deserialize_u64 => a_number, deserialize_f32 => a_number,
        deserialize_f64 => a_number, deserialize_char => a_text, deserialize_str => a_text,
        deserialize_string => a_text, deserialize_identifier => a_text, deserialize_seq => a_list,
        deserialize_bytes => a_list, deserialize_byte_buf => a_list, deserialize_map => an_object,
    }

    /// For enums that carry their tag among their fields.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherForm> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Number(_) => self.a_number(visitor),
            Value::String(_) => self.a_text(visitor),
            Value::Array(_) => self.a_list(visitor),
            Value::Object(_) => self.an_object(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherForm> {
        self.0
            .as_bool()
            .ok_or(OtherForm)
            .and_then(|flag| visitor.visit_bool(flag))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherForm> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherForm> {
        self.0
            .as_null()
            .ok_or(OtherForm)
            .and_then(|()| visitor.visit_unit())
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, OtherForm> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, OtherForm> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, OtherForm> {
        self.a_list(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, OtherForm> {
        self.a_list(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, OtherForm> {
        self.an_object(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, OtherForm> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(Variant(name, &Value::Null)),
            Value::Object(all) if all.len() == 1 => {
                let (name, value) = all.iter().next().ok_or(OtherForm)?;
                visitor.visit_enum(Variant(name, value))
            }
            _ => Err(OtherForm),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherForm> {
        visitor.visit_unit()
    }
}

struct Elements<'de>(std::slice::Iter<'de, Value>);

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = OtherForm;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, OtherForm> {
        let next = self.0.next();
        next.map(|value| seed.deserialize(Reader(value)))
            .transpose()
    }
}

/// Fields, and the value of the one whose key was read.
struct Fields<'de>(serde_json::map::Iter<'de>, Option<&'de Value>);

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = OtherForm;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, OtherForm> {
        let Some((key, value)) = self.0.next() else {
            return Ok(None);
        };
        self.1 = Some(value);
        seed.deserialize(text(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, OtherForm> {
        let value = self.1.take().ok_or(OtherForm)?;
        seed.deserialize(Reader(value))
    }
}

fn text(text: &str) -> StrDeserializer<'_, OtherForm> {
    text.into_deserializer()
}

/// A variant's name and what it holds; nothing is `null`.
struct Variant<'de>(&'de str, &'de Value);

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = OtherForm;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), OtherForm> {
        seed.deserialize(text(self.0))
            .map(|variant| (variant, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = OtherForm;

    fn unit_variant(self) -> Result<(), OtherForm> {
        self.1.as_null().ok_or(OtherForm)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, OtherForm> {
        seed.deserialize(Reader(self.1))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, OtherForm> {
        Reader(self.1).a_list(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, OtherForm> {
        Reader(self.1).an_object(visitor)
    }
}
