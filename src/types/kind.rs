//! What a text is: its kind, its form, and the few closed sets that a verdict is made of.

/// Makes an enum whose variants have names outside of Rust.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// All of them, in the order of their numbers.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The name outside of Rust.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }

            /// The one with this name.
            pub fn parse(name: &str) -> Option<$name> {
                match name { $($text => Some($name::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
    };
}

named! {
    /// What a text reports.
    Kind {
        /// A delivery that failed.
        Bounce = "bounce",
        /// A delivery that is still being retried.
        Delay = "delay",
        /// A success: delivered, relayed or expanded.
        Delivered = "delivered",
        /// An answer by a machine: out of office, auto-reply.
        AutoReply = "auto-reply",
        /// A reader's complaint (feedback loop).
        Complaint = "complaint",
        /// A request to confirm before the mail is delivered.
        Challenge = "challenge",
        /// A read receipt (MDN).
        ReadReceipt = "read-receipt",
        /// A request to subscribe or unsubscribe.
        Subscription = "subscription",
        /// A DMARC or TLS report.
        AggregateReport = "aggregate-report",
        /// Anything else.
        Unrelated = "unrelated",
    }
}

named! {
    /// Whether to try again: the field's two words.
    BounceType {
        /// Permanent: the address is dead.
        Hard = "hard",
        /// Temporary, or not the address's fault.
        Soft = "soft",
    }
}

named! {
    /// Whose fault a failure is.
    Fault {
        /// The address or its owner.
        Recipient = "recipient",
        /// The sender: reputation, authentication, volume.
        Sender = "sender",
        /// The message itself.
        Content = "content",
        /// The receiving system.
        Receiver = "receiver",
        /// The way between.
        Network = "network",
        /// Not said.
        Unknown = "unknown",
    }
}

named! {
    /// The SMTP stage at which a reply was given.
    Stage {
        /// Before the first command.
        Connect = "connect",
        /// HELO or EHLO.
        Helo = "helo",
        /// STARTTLS.
        StartTls = "starttls",
        /// AUTH.
        Auth = "auth",
        /// MAIL FROM.
        MailFrom = "mail-from",
        /// RCPT TO.
        RcptTo = "rcpt-to",
        /// DATA, or the message itself.
        Data = "data",
        /// QUIT and others.
        Quit = "quit",
    }
}

named! {
    /// The form in which a text arrived.
    Form {
        /// An SMTP reply or a sentence of a mail server.
        Smtp = "smtp",
        /// A delivery status notification (RFC 3464).
        Dsn = "dsn",
        /// A notification without a usable delivery-status part.
        Ndr = "ndr",
        /// A feedback report (RFC 5965).
        Arf = "arf",
        /// Any other mail.
        Mail = "mail",
        /// A provider's event.
        Webhook = "webhook",
        /// A line or record of a mail server's log.
        Log = "log",
        /// A row of a table.
        Csv = "csv",
    }
}
