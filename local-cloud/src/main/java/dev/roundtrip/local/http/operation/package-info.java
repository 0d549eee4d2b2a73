/** An {@code OperationTable} lists the operations of one AWS service. Each operation has an HTTP method, a path,
 * permissions and a handler.
 */
@NullMarked
package dev.roundtrip.local.http.operation;

import org.jspecify.annotations.NullMarked;
