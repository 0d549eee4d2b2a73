package dev.roundtrip.sigv4;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in one sentence why there was no answer, and what to do next. */
final class Failure {
    private Failure() {}

    /** The sentence, without a full stop. */
    static String explain(IOException failure, URI uri) {
        String server = uri.getRawAuthority();
        if (failure instanceof HttpConnectTimeoutException) {
            return server + " does not take the connection; is it started, and is it reachable from here?";
        }
        if (failure instanceof HttpTimeoutException) {
            return server + " gave " + failure.getMessage()
                    + "; the call may have had its effect, so look before repeating it,"
                    + " and allow more with --max-time";
        }
        if (hasCause(failure, UnresolvedAddressException.class) || hasCause(failure, UnknownHostException.class)) {
            return "no host is known as " + uri.getHost() + "; check the URL and the network";
        }
        if (hasCause(failure, ConnectException.class)) {
            return "nothing answers at " + server + "; is it started, and is the port right?";
        }
        if (hasCause(failure, CertificateExpiredException.class)
                || hasCause(failure, CertificateNotYetValidException.class)) {
            return "the certificate of " + server + " has expired or is not valid yet (" + rootMessage(failure)
                    + "); renew it, or set this machine's clock";
        }
        if (hasCause(failure, CertPathValidatorException.class) || messageHas(failure, "PKIX")) {
            return "the certificate of " + server
                    + " comes from no trusted authority; name a private one with --ca FILE";
        }
        if (hasCause(failure, CertificateException.class)) {
            return "the certificate of " + server + " is not acceptable: " + rootMessage(failure);
        }
        if (hasCause(failure, SSLException.class)) {
            return "no TLS with " + server + ": " + rootMessage(failure) + "; does it speak https?";
        }
        if (hasCause(failure, EOFException.class) || hasCause(failure, SocketException.class)) {
            return server + " closed the connection without an answer; the call may have had its effect, so look before"
                    + " repeating it, and check http against https";
        }
        return "no answer from " + server + ": " + rootMessage(failure);
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static boolean messageHas(Throwable failure, String text) {
        return failure.getMessage() != null && failure.getMessage().contains(text);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
