// A React application around the ready settings (`settings`).
import { createElement, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { useAuth } from 'react-oidc-context';

const show = (told) => createElement('pre', { id: 'told' }, JSON.stringify(told));

function Application() {
  const auth = useAuth();
  const isNew = !auth.isLoading && !auth.isAuthenticated && !auth.error && !auth.activeNavigator;
  useEffect(() => {
    if (isNew) auth.signinRedirect();
  }, [isNew, auth]);
  if (auth.error) return show({ error: String(auth.error) });
  if (auth.isAuthenticated) return show({ userinfo: auth.user.profile, claims: { sub: auth.user.profile.sub } });
  return 'Вход…';
}

createRoot(document.getElementById('root')).render(createElement(AuthProvider, settings, createElement(Application)));
