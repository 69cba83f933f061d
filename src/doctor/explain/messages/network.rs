//! What Node, curl, OpenSSL, Python and Rust programs say when a connection fails. The words are
//! those of the network failures of a probe.

use super::{Message, coded, reason};
use crate::provider::Reason;

pub const MESSAGES: &[Message] = &[
    reason(
        Reason::Dns,
        &[
            "ENOTFOUND",
            "EAI_AGAIN",
            "getaddrinfo",
            "Could not resolve host",
            "dns error",
            "failed to lookup address information",
            "Name or service not known",
            "nodename nor servname provided",
            "Temporary failure in name resolution",
        ],
    ),
    reason(
        Reason::ConnectionRefused,
        &[
            "ECONNREFUSED",
            "Connection refused",
            "Connection refused * a firewall or proxy may be blocking it",
            "Failed to connect to * port",
        ],
    ),
    reason(
        Reason::NoRoute,
        &[
            "ENETUNREACH",
            "EHOSTUNREACH",
            "Network is unreachable",
            "No route to host",
        ],
    ),
    reason(
        Reason::TimedOut,
        &[
            "ETIMEDOUT",
            "ESOCKETTIMEDOUT",
            "UND_ERR_CONNECT_TIMEOUT",
            "operation timed out",
            "Operation timed out after",
            "Connection timed out",
            "Request timed out",
            "deadline has elapsed",
        ],
    ),
    reason(
        Reason::ConnectionReset,
        &[
            "ECONNRESET",
            "socket hang up",
            "Connection reset by peer",
            "Empty reply from server",
            "connection closed before message completed",
            "unexpected EOF",
        ],
    ),
    reason(
        Reason::NetworkOther,
        &["fetch failed", "Connection error", "connection_failed"],
    ),
    reason(
        Reason::TlsUnknownIssuer,
        &[
            "unable to get local issuer certificate",
            "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
            "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
            "unable to verify the first certificate",
            "self signed certificate",
            "self signed certificate in certificate chain",
            "self-signed certificate in certificate chain",
            "SELF_SIGNED_CERT_IN_CHAIN",
            "DEPTH_ZERO_SELF_SIGNED_CERT",
            "invalid peer certificate: UnknownIssuer",
            "UnknownIssuer",
            "SSL certificate verification failed",
            "SSL certificate problem",
            "CERTIFICATE_VERIFY_FAILED",
            "certificate verify failed",
            "tls_untrusted_ca",
        ],
    ),
    reason(
        Reason::TlsExpired,
        &[
            "CERT_HAS_EXPIRED",
            "certificate has expired",
            "SSL certificate problem: certificate has expired",
            "certificate verify failed: certificate has expired",
            "invalid peer certificate: Expired",
            "invalid peer certificate: certificate expired",
        ],
    ),
    reason(
        Reason::TlsNotYetValid,
        &[
            "CERT_NOT_YET_VALID",
            "certificate is not yet valid",
            "SSL certificate problem: certificate is not yet valid",
            "certificate verify failed: certificate is not yet valid",
            "invalid peer certificate: NotValidYet",
            "invalid peer certificate: certificate not valid yet",
        ],
    ),
    reason(
        Reason::TlsWrongName,
        &[
            "ERR_TLS_CERT_ALTNAME_INVALID",
            "does not match certificate's altnames",
            "no alternative certificate subject name matches",
            "invalid peer certificate: NotValidForName",
            "certificate not valid for name",
            "certificate verify failed: Hostname mismatch",
        ],
    ),
    reason(
        Reason::TlsOther,
        &[
            "SSL routines",
            "wrong version number",
            "tlsv1 alert",
            "handshake failure",
            "received fatal alert",
            "received corrupt message of type",
            "EPROTO",
        ],
    ),
    reason(
        Reason::NoCaStore,
        &[
            "No CA certificates were loaded",
            "error setting certificate verify locations",
            "error setting certificate file",
            "no native root CA certificates found",
        ],
    ),
    reason(
        Reason::ProxyAuthentication,
        &[
            "407 Proxy Authentication Required",
            "CONNECT tunnel failed, response 407",
            "Received HTTP code 407 from proxy after CONNECT",
            "proxy authentication required",
            "HTTP 407",
        ],
    ),
    reason(
        Reason::ProxyRefused,
        &[
            "CONNECT tunnel failed",
            "CONNECT tunnel failed, response 403",
            "Received HTTP code * from proxy after CONNECT",
            "unsuccessful tunnel",
        ],
    ),
    reason(
        Reason::ProxyUnreachable,
        &[
            "Could not resolve proxy",
            "ProxyError",
            "Cannot connect to proxy",
            "Failed to connect to * proxy",
        ],
    ),
    reason(
        Reason::ProxyMalformed,
        &[
            "Unsupported proxy",
            "invalid proxy URL",
            "Invalid URL * proxy",
            "Unsupported proxy syntax",
        ],
    ),
    reason(
        Reason::NotTheApi,
        &[
            "Unexpected token '<'",
            "is not valid JSON * DOCTYPE",
            "DOCTYPE html",
        ],
    ),
    coded(
        "NET-010",
        &[
            "Ignoring extra certs from",
            "NODE_EXTRA_CA_CERTS * load failed",
        ],
        "NODE_EXTRA_CA_CERTS names a file that Node cannot load: it is missing, unreadable or not in PEM form.",
        "Point it to the PEM file of your organization's certificate authority.",
    ),
];
