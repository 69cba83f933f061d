//! What the API said about the credential: API-001 to API-009.

use super::{Act, BILLING_PAGE, KEYS_PAGE, LIMITS_PAGE, STATUS_PAGE, Text};
use crate::provider::Reason;

const NEW_KEY: (&str, Act) = (
    "Create a new API key and copy it whole.",
    Act::Open(KEYS_PAGE),
);
const STORE_KEY: (&str, Act) = (
    "Then store it; the old one is kept for undo.",
    Act::Run("keywright onboard --flow api-key --replace"),
);
const USE_KEY: (&str, Act) = ("Use an API key instead.", Act::Open(KEYS_PAGE));
const SIGN_IN: (&str, Act) = (
    "Sign in to Claude Code again.",
    Act::Run("claude auth login"),
);
const NEW_TOKEN: (&str, Act) = (
    "Make a new token, where it was one of `claude setup-token`.",
    Act::Run("claude setup-token"),
);
const ADD_CREDIT: (&str, Act) = ("Add credit to the organization.", Act::Open(BILLING_PAGE));
const STATUS: (&str, Act) = (
    "Look whether an outage is reported.",
    Act::Open(STATUS_PAGE),
);
const AGAIN: (&str, Act) = ("Wait {wait}, then try again.", Act::Run("keywright doctor"));

pub(super) const TEXTS: &[Text] = &[
    Text {
        reason: Reason::Works,
        title: "works",
        summary: "{host} accepts the credential.",
        why: "The reply is that of the API.",
        advice: &[],
    },
    Text {
        reason: Reason::InvalidKey,
        title: "key refused",
        summary: "{host} does not know this API key.",
        why: "The key is mistyped or cut off, was deleted or disabled, or is not an API key at all.",
        advice: &[NEW_KEY, STORE_KEY],
    },
    Text {
        reason: Reason::InvalidBearer,
        title: "token refused",
        summary: "{host} does not know this bearer token.",
        why: "The token is cut off or was revoked; subscription tokens are often copied from a wrapped line.",
        advice: &[
            (
                "Make a new token in a wide terminal.",
                Act::Run("claude setup-token"),
            ),
            USE_KEY,
        ],
    },
    Text {
        reason: Reason::TokenExpired,
        title: "token expired",
        summary: "The access token has expired.",
        why: "A login's access token lasts hours, and Claude Code renews it only while it runs. A token of `claude setup-token` lasts a year.",
        advice: &[SIGN_IN, NEW_TOKEN, USE_KEY],
    },
    Text {
        reason: Reason::OauthUnsupported,
        title: "token not taken here",
        summary: "{host} does not take a subscription token from this program.",
        why: "Subscription tokens are for Claude Code; the API itself takes API keys.",
        advice: &[USE_KEY],
    },
    Text {
        reason: Reason::AccountDeactivated,
        title: "account refused",
        summary: "{host} refuses the account or organization behind this credential.",
        why: "The account was deactivated, or this person was removed from the organization.",
        advice: &[
            (
                "Sign in to the console and look whether the organization is still there.",
                Act::Open(KEYS_PAGE),
            ),
            NEW_KEY,
        ],
    },
    Text {
        reason: Reason::Unauthorized,
        title: "not authorized",
        summary: "{host} refused the credential without saying why (401).",
        why: "The key may be wrong, deleted, or meant for another host than this one.",
        advice: &[
            (
                "Make sure that the key belongs to this host.",
                Act::Run("keywright models status"),
            ),
            NEW_KEY,
        ],
    },
    Text {
        reason: Reason::TokenRevoked,
        title: "token revoked",
        summary: "The subscription token has been revoked.",
        why: "Somebody ended it on the account's page, or a new sign-in replaced it.",
        advice: &[SIGN_IN, NEW_TOKEN, USE_KEY],
    },
    Text {
        reason: Reason::ScopeMissing,
        title: "scope missing",
        summary: "The token may not be used for this request.",
        why: "Tokens of `claude setup-token` may call models, but not read the profile or the usage.",
        advice: &[SIGN_IN, USE_KEY],
    },
    Text {
        reason: Reason::RequestNotAllowed,
        title: "request not allowed",
        summary: "{host} does not allow requests from here with this credential.",
        why: "The role of the key, the country, or the address of a proxy or VPN on the way is not allowed.",
        advice: &[
            ("Try without the VPN or proxy.", Act::Nothing),
            (
                "Ask an administrator of the organization about the key's workspace and role.",
                Act::Open(KEYS_PAGE),
            ),
        ],
    },
    Text {
        reason: Reason::Forbidden,
        title: "forbidden",
        summary: "{host} knows the credential, but it may not do this (403).",
        why: "The key's workspace or role does not include this request.",
        advice: &[(
            "Ask an administrator of the organization to allow it, or use a key of another workspace.",
            Act::Open(KEYS_PAGE),
        )],
    },
    Text {
        reason: Reason::CreditTooLow,
        title: "no credit",
        summary: "The key is valid, but the organization's credit balance is too low.",
        why: "API calls are paid from prepaid credit; a Claude subscription does not pay for them.",
        advice: &[ADD_CREDIT],
    },
    Text {
        reason: Reason::SpendLimit,
        title: "spend limit reached",
        summary: "The key is valid, but the organization or workspace has reached its spend limit.",
        why: "The limit was set by an administrator and holds until the month ends or somebody raises it.",
        advice: &[("Raise the spend limit.", Act::Open(LIMITS_PAGE))],
    },
    Text {
        reason: Reason::Billing,
        title: "billing problem",
        summary: "The key is valid, but {host} does not serve it until a bill is settled (402).",
        why: "A payment failed, or no way to pay is set up.",
        advice: &[(
            "Settle the bill or set up a way to pay.",
            Act::Open(BILLING_PAGE),
        )],
    },
    Text {
        reason: Reason::OrganizationDisabled,
        title: "organization disabled",
        summary: "The organization that this key belongs to has been disabled.",
        why: "This is often an old key that was left in an environment variable; no new key of that organization will work.",
        advice: &[
            (
                "Create a key in an organization that is active.",
                Act::Open(KEYS_PAGE),
            ),
            STORE_KEY,
            (
                "Look for old keys that still win.",
                Act::Run("keywright doctor"),
            ),
        ],
    },
    Text {
        reason: Reason::OauthOrganizationNotAllowed,
        title: "no subscription access",
        summary: "The organization does not allow access with a Claude subscription.",
        why: "The subscription ended, the login is on another organization, or an administrator forbids it.",
        advice: &[
            (
                "Sign in again and choose the organization with the subscription.",
                Act::Run("claude auth login"),
            ),
            USE_KEY,
        ],
    },
    Text {
        reason: Reason::OnlyForClaudeCode,
        title: "only for Claude Code",
        summary: "This credential may be used by Claude Code only.",
        why: "It is a subscription token; the API refuses it when another program sends it.",
        advice: &[("Use an API key for other programs.", Act::Open(KEYS_PAGE))],
    },
    Text {
        reason: Reason::DisguisedRefusal,
        title: "refused without a reason",
        summary: "{host} refused the credential with the single word `Error`.",
        why: "This is how direct calls with a subscription token are turned away. It is no quota, and waiting does not help.",
        advice: &[("Use an API key for direct calls.", Act::Open(KEYS_PAGE))],
    },
    Text {
        reason: Reason::RateLimited,
        title: "rate limited",
        summary: "The credential is accepted, but it has made too many requests just now (429).",
        why: "The limit counts requests and tokens per minute for the whole organization.",
        advice: &[
            AGAIN,
            (
                "Look at the limits of the organization.",
                Act::Open(LIMITS_PAGE),
            ),
        ],
    },
    Text {
        reason: Reason::MonthlyLimit,
        title: "monthly limit reached",
        summary: "The credential is accepted, but the organization has used up its month.",
        why: "The usage tier caps what can be spent in a month; waiting a minute does not help.",
        advice: &[(
            "Move to a higher tier, or wait for the next month.",
            Act::Open(LIMITS_PAGE),
        )],
    },
    Text {
        reason: Reason::Overloaded,
        title: "overloaded",
        summary: "{host} is overloaded (529); the credential is not to blame.",
        why: "Too many people use the service at this moment.",
        advice: &[AGAIN, STATUS],
    },
    Text {
        reason: Reason::ServerError,
        title: "server error",
        summary: "{host} failed to answer; the credential is not to blame.",
        why: "The fault is on the server's side, so nothing was learned about the credential.",
        advice: &[AGAIN, STATUS],
    },
    Text {
        reason: Reason::ModelNotFound,
        title: "model not available",
        summary: "The credential works, but {host} does not offer it this model.",
        why: "The name is mistyped, the model was retired, or the workspace has no access to it.",
        advice: &[(
            "Choose a model from the live list.",
            Act::Run("keywright onboard --flow api-key"),
        )],
    },
    Text {
        reason: Reason::RequestTooLarge,
        title: "request too large",
        summary: "Something on the way to {host} finds a small request too large (413).",
        why: "The API takes 32 MB and this request has a few hundred bytes, so a gateway has a limit of its own.",
        advice: &[("Ask whoever runs the gateway or proxy.", Act::Nothing)],
    },
    Text {
        reason: Reason::InvalidRequest,
        title: "request not understood",
        summary: "{host} did not accept the form of the request (400).",
        why: "A gateway that speaks another version of the API answers like this.",
        advice: &[(
            "Make sure that the base URL leads to the Anthropic API.",
            Act::Run("keywright doctor"),
        )],
    },
    Text {
        reason: Reason::Unclassified,
        title: "unknown reply",
        summary: "{host} answered in a way that is not known.",
        why: "Neither success nor any documented error fits.",
        advice: &[STATUS, ("Try again.", Act::Run("keywright doctor"))],
    },
];
