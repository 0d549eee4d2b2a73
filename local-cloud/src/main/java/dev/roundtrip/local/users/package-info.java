/** Stores name, access key and policies of each IAM user in files. A person may edit the policies. */
@NullMarked
package dev.roundtrip.local.users;

import org.jspecify.annotations.NullMarked;
