//! What stood between this machine and the API: NET-001, NET-010, NET-011 and ENV-004.

use super::{Act, Text};
use crate::provider::Reason;

const BASE_URL: (&str, Act) = (
    "Make sure that ANTHROPIC_BASE_URL (for Bedrock AWS_ENDPOINT_URL), if it is set, is right.",
    Act::Nothing,
);
const PROXY_VALUE: (&str, Act) = (
    "Correct {variable}, or unset it to connect directly.",
    Act::Run("unset {variable}"),
);
const CA_BUNDLE: (&str, Act) = (
    "Point SSL_CERT_FILE to the bundle; Claude Code reads NODE_EXTRA_CA_CERTS instead.",
    Act::Nothing,
);
const NETWORK_PEOPLE: (&str, Act) = (
    "Ask whoever runs the network to allow https to {host}.",
    Act::Nothing,
);

pub(super) const TEXTS: &[Text] = &[
    Text {
        reason: Reason::NotTheApi,
        title: "not the API",
        summary: "Something answers at {host}, but it is not the API that was asked.",
        why: "The base URL is wrong, the gateway does not offer this part of the API, or a proxy answered in its place.",
        advice: &[BASE_URL, NETWORK_PEOPLE],
    },
    Text {
        reason: Reason::CaptivePortal,
        title: "captive portal",
        summary: "A sign-in page of the network answered in place of {host}.",
        why: "Hotel, airport and guest networks do this until somebody signs in. Nothing was learned about the credential.",
        advice: &[
            (
                "Open any page in a browser and sign in to the network.",
                Act::Nothing,
            ),
            BASE_URL,
        ],
    },
    Text {
        reason: Reason::Redirected,
        title: "redirected",
        summary: "{host} sends requests on to another address, and the key does not go along.",
        why: "The API does not redirect: the base URL is incomplete, or a gateway wants a sign-in first.",
        advice: &[(
            "Set the base URL to the final address, if you trust it with the key.",
            Act::Nothing,
        )],
    },
    Text {
        reason: Reason::MalformedReply,
        title: "malformed reply",
        summary: "{host} answered with something that cannot be read.",
        why: "It is not the JSON over HTTP that the API speaks: another service listens there, or the reply was cut off.",
        advice: &[BASE_URL, ("Try again.", Act::Run("keywright doctor"))],
    },
    Text {
        reason: Reason::OversizedReply,
        title: "oversized reply",
        summary: "{host} answered with more than 1 MiB, and the rest was not read.",
        why: "The API's reply to this request has a few kilobytes, so another service answers there.",
        advice: &[BASE_URL],
    },
    Text {
        reason: Reason::ProxyUnreachable,
        title: "proxy not reachable",
        summary: "The proxy that {variable} names is not reachable.",
        why: "Its name or port is wrong, it is not running, or it belongs to another network such as a VPN.",
        advice: &[
            PROXY_VALUE,
            ("Connect to the network or VPN of the proxy.", Act::Nothing),
        ],
    },
    Text {
        reason: Reason::ProxyAuthentication,
        title: "proxy wants a password",
        summary: "The proxy asks for a user name and password (407).",
        why: "The address in {variable} has none, or they are wrong.",
        advice: &[(
            "Write them into the address: http://USER:PASSWORD@HOST:PORT, special characters as %XX.",
            Act::Nothing,
        )],
    },
    Text {
        reason: Reason::ProxyRefused,
        title: "proxy refused",
        summary: "The proxy does not let requests to {host} through.",
        why: "It forbids this host or port, or the address in {variable} is that of another kind of server.",
        advice: &[
            (
                "Ask whoever runs the proxy to allow {host} on port 443.",
                Act::Nothing,
            ),
            PROXY_VALUE,
        ],
    },
    Text {
        reason: Reason::ProxyMalformed,
        title: "proxy variable malformed",
        summary: "The value of {variable} is not a proxy address.",
        why: "Many programs ignore such a value without a word and connect directly; this one does not guess.",
        advice: &[
            ("Write it as http://HOST:PORT.", Act::Nothing),
            (
                "Or unset it to connect directly.",
                Act::Run("unset {variable}"),
            ),
        ],
    },
    Text {
        reason: Reason::Dns,
        title: "name not found",
        summary: "The name {host} does not resolve to an address.",
        why: "There is no network, the name server does not answer, or the name is mistyped.",
        advice: &[
            (
                "Look whether other names resolve.",
                Act::Run("getent hosts {name}"),
            ),
            BASE_URL,
        ],
    },
    Text {
        reason: Reason::ConnectionRefused,
        title: "connection refused",
        summary: "{host} refused the connection.",
        why: "Nothing listens there, or a firewall rejects the connection.",
        advice: &[BASE_URL, NETWORK_PEOPLE],
    },
    Text {
        reason: Reason::NoRoute,
        title: "no route",
        summary: "There is no route from this machine to {host}.",
        why: "The network is down, or it has no way out for this address.",
        advice: &[
            ("Connect to a network.", Act::Nothing),
            (
                "On a network that allows only a proxy, set HTTPS_PROXY.",
                Act::Nothing,
            ),
        ],
    },
    Text {
        reason: Reason::TimedOut,
        title: "no answer in time",
        summary: "{host} did not answer in time.",
        why: "A firewall drops the packets, the network is slow, or the server hangs.",
        advice: &[
            ("Try again.", Act::Run("keywright doctor")),
            (
                "On a network that allows only a proxy, set HTTPS_PROXY.",
                Act::Nothing,
            ),
        ],
    },
    Text {
        reason: Reason::ConnectionReset,
        title: "connection broke off",
        summary: "The connection to {host} broke off before the answer was complete.",
        why: "A firewall or proxy cut it, or the server stopped.",
        advice: &[("Try again.", Act::Run("keywright doctor")), NETWORK_PEOPLE],
    },
    Text {
        reason: Reason::NetworkOther,
        title: "network failure",
        summary: "The request to {host} failed for a reason that is not known.",
        why: "The operating system or the network library gave the error that is shown with it.",
        advice: &[("Try again.", Act::Run("keywright doctor"))],
    },
    Text {
        reason: Reason::TlsUnknownIssuer,
        title: "unknown certificate issuer",
        summary: "The certificate of {host} comes from an issuer that this machine does not trust.",
        why: "Company networks that inspect encrypted traffic do this with an authority of their own.",
        advice: &[
            (
                "Get the network's CA certificate from whoever runs it, and install it.",
                Act::Nothing,
            ),
            CA_BUNDLE,
        ],
    },
    Text {
        reason: Reason::TlsExpired,
        title: "certificate expired",
        summary: "The certificate of {host} has expired.",
        why: "Either the certificate is old, or the clock of this machine is ahead.",
        advice: &[
            (
                "Compare the clock of this machine with the real time.",
                Act::Run("date -u"),
            ),
            (
                "If the clock is right, ask whoever runs {host} or the proxy.",
                Act::Nothing,
            ),
        ],
    },
    Text {
        reason: Reason::TlsNotYetValid,
        title: "certificate not yet valid",
        summary: "The certificate of {host} is not valid yet.",
        why: "The clock of this machine is nearly always the reason: it is behind.",
        advice: &[(
            "Compare the clock of this machine with the real time.",
            Act::Run("date -u"),
        )],
    },
    Text {
        reason: Reason::TlsWrongName,
        title: "certificate of another host",
        summary: "The certificate that {host} shows belongs to another name.",
        why: "A captive portal, a proxy or a wrong entry in the hosts file leads to another server. The key was not sent.",
        advice: &[
            (
                "Look which address the name leads to.",
                Act::Run("getent hosts {name}"),
            ),
            BASE_URL,
        ],
    },
    Text {
        reason: Reason::TlsOther,
        title: "no secure connection",
        summary: "No secure connection to {host} could be made.",
        why: "The server does not speak TLS on this port, speaks only old versions of it, or shows a certificate that is not in order.",
        advice: &[BASE_URL, NETWORK_PEOPLE],
    },
    Text {
        reason: Reason::NoCaStore,
        title: "no certificate authorities",
        summary: "No certificate authority could be loaded on this machine, so no https connection is possible.",
        why: "Small container images have none, or SSL_CERT_FILE names a file that is not there.",
        advice: &[
            (
                "Install the system's package of them; it is called ca-certificates.",
                Act::Run("apt-get install ca-certificates"),
            ),
            (
                "Make sure that SSL_CERT_FILE, if it is set, names a readable bundle.",
                Act::Nothing,
            ),
        ],
    },
    Text {
        reason: Reason::HostNotAllowed,
        title: "not tried",
        summary: "The key was not sent to {host}, because it was not saved for that host.",
        why: "A base URL from the environment may be set by anybody's project file; a stored key goes only where it was meant to go, and only encrypted.",
        advice: &[
            (
                "Unset the variable to use Anthropic's own host.",
                Act::Run("unset {variable}"),
            ),
            (
                "If you trust that host with a key, save one for it.",
                Act::Run("keywright onboard --flow api-key --base-url https://{host}"),
            ),
        ],
    },
];
