//! How the runtime sends a stream: messages with headers, each guarded by two checksums, with an
//! event of the model in base64 inside.
//!
//! Source: "Event stream encoding" in the Amazon Transcribe Developer Guide, which describes it for
//! all services.

use serde_json::{Value, json};

/// One event of the model as a message of the stream.
#[must_use]
pub fn chunk(event: &Value) -> Vec<u8> {
    let payload = json!({ "bytes": base64(event.to_string().as_bytes()) }).to_string();
    let mut headers = Vec::new();
    for (name, value) in [
        (":event-type", "chunk"),
        (":content-type", "application/json"),
        (":message-type", "event"),
    ] {
        headers.push(u8::try_from(name.len()).unwrap_or_default());
        headers.extend(name.bytes());
        // 7 stands for text.
        headers.push(7);
        headers.extend(u16::try_from(value.len()).unwrap_or_default().to_be_bytes());
        headers.extend(value.bytes());
    }
    let length = |count: usize| u32::try_from(count).unwrap_or_default().to_be_bytes();
    // Two lengths and a checksum before, a checksum after.
    let mut message = Vec::new();
    message.extend(length(headers.len() + payload.len() + 16));
    message.extend(length(headers.len()));
    message.extend(crc32(&message).to_be_bytes());
    message.extend(headers);
    message.extend(payload.bytes());
    message.extend(crc32(&message).to_be_bytes());
    message
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
    let add = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), step);
    !bytes.iter().fold(u32::MAX, add)
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for piece in bytes.chunks(3) {
        let byte = |place: usize| u32::from(piece.get(place).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place > piece.len() {
                '='
            } else {
                char::from(letter)
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_and_letters() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        let check = |bytes: &[u8], expected: &str| assert_eq!(base64(bytes), expected);
        check(b"", "");
        check(b"f", "Zg==");
        check(b"fo", "Zm8=");
        check(b"foo", "Zm9v");
        check(&[0xff, 0xfe, 0xfd, 0xfc], "//79/A==");
    }

    #[test]
    fn lengths_are_those_of_the_message() {
        let message = chunk(&json!({ "type": "ping" }));
        let number = |at: usize| u32::from_be_bytes(message[at..at + 4].try_into().expect("four"));
        assert_eq!(number(0) as usize, message.len());
        assert_eq!(number(8), crc32(&message[..8]));
        let end = message.len() - 4;
        assert_eq!(number(end), crc32(&message[..end]));
    }
}
