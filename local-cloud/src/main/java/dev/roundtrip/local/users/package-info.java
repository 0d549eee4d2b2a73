/** The IAM users of one account: names, access keys and policies, as files that a person may edit. */
@NullMarked
package dev.roundtrip.local.users;

import org.jspecify.annotations.NullMarked;
