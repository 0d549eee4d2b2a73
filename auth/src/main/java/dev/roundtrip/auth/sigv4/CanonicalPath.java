package dev.roundtrip.auth.sigv4;

import dev.roundtrip.auth.sigv4.SigningService.PathForm;
import java.util.ArrayDeque;
import java.util.Deque;

/** The path as it is signed. */
final class CanonicalPath {
    private CanonicalPath() {}

    static String of(String path, PathForm form) {
        if (isPlain(path) || isRelative(path)) {
            return path;
        }
        return switch (form) {
            case NORMALIZED -> PercentEncoding.encodePath(normalize(path));
            case AS_SENT -> path.isEmpty() ? "/" : PercentEncoding.encodePath(path);
        };
    }

    /** Whether it is canonical in any form. */
    private static boolean isPlain(String path) {
        char previous = 0;
        for (int i = 0; i < path.length(); i++) {
            char character = path.charAt(i);
            boolean mayNeedNormalizing = previous == '/' && (character == '/' || character == '.');
            if (mayNeedNormalizing || (character != '/' && !PercentEncoding.isUnreserved(character))) {
                return false;
            }
            previous = character;
        }
        return !path.isEmpty() && path.charAt(0) == '/';
    }

    /** Whether it is none that a signer can have meant: taken as it is, for {@code .} must not become {@code /}. */
    private static boolean isRelative(String path) {
        return !path.isEmpty() && path.charAt(0) != '/';
    }

    private static String normalize(String path) {
        Deque<String> segments = new ArrayDeque<>();
        boolean directory = true;
        for (String segment : path.split("/", -1)) {
            directory = segment.isEmpty() || segment.equals(".") || segment.equals("..");
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!directory) {
                segments.addLast(segment);
            }
        }
        String joined = "/" + String.join("/", segments);
        return directory && !segments.isEmpty() ? joined + "/" : joined;
    }
}
