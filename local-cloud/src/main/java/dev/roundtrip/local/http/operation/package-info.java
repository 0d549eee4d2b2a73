/** Operations of AWS services as data: a table says which request is which operation, who may ask for it, and what
 * answers.
 */
@NullMarked
package dev.roundtrip.local.http.operation;

import org.jspecify.annotations.NullMarked;
